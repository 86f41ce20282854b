/** A sitting as the hall keeps it, so that it is found again at any window (暂存件). */
import type { ItemView, KeepDraft } from "../api/types";
import { plainDay } from "../shared/day";
import { bareNumber } from "../shared/identity";
import { isEmpty, isThere, originalOf, type Draft } from "./filing";

/** What is sent of a draft: itself, what a list calls it, and what the applicant may see of it. */
export function keepingOf(draft: Draft, item: ItemView | undefined): KeepDraft {
  const { applicant, acting, agent, answers, form, materials } = draft;
  const handed = Object.entries(materials).filter(([, one]) => isThere(one));
  const kept = draft.kept.flatMap((part) => (part.part === "material" ? [part.handed] : []));
  const files = [...handed.map(([, one]) => one), ...kept].flatMap(({ file }) => (file ? [file.sha256] : []));
  return {
    content: draft as unknown as KeepDraft["content"],
    title: {
      item_name: item?.name ?? "",
      applicant_kind: applicant.kind,
      applicant_name: applicant.name.trim(),
    },
    files: [...new Set(files)],
    shown: {
      applicant: {
        kind: applicant.kind,
        name: applicant.name.trim(),
        id_number: bareNumber(applicant.id_number),
        phone: bareNumber(applicant.phone),
        address: applicant.address ?? "",
        contact: applicant.contact ?? "",
        legal_representative: applicant.legal_representative ?? "",
      },
      agent: acting
        ? { ...agent, id_number: bareNumber(agent.id_number), until: plainDay(agent.until) }
        : null,
      item_code: item?.code ?? null,
      answers,
      form: Object.fromEntries(Object.entries(form).filter(([, value]) => !isEmpty(value))),
      materials: handed.flatMap(([code, one]) => {
        const material = item?.materials.find((asked) => asked.code === code);
        if (!material) return [];
        const { copies, file } = one;
        return [{ code, copies, file_name: file?.name ?? "", original: originalOf(material, one) }];
      }),
    },
  };
}
