import { Alert, Button, Input, Radio } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { deliverCase, putFile } from "../api/hall-calls";
import type { CaseView, Collector, CollectorRelation, HandOver, Post } from "../api/types";
import {
  CollectorFields,
  collectorId,
  firstCollector,
  focusRefused,
  openField,
  related,
  relationsOf,
  tidied,
  Ways,
} from "../cases/CollectorFields";
import { useCaseChanged } from "../cases/queries";
import { focusScanBox } from "../cases/ScanBox";
import { useCurrentSession } from "../session/useSession";
import { useDraft } from "../shared/draft";
import { enterGoesOn, neverByItself } from "../shared/enter";
import { Field } from "../shared/Field";
import { Section } from "../shared/Page";
import { Problem } from "../shared/Problem";
import { useShortcut } from "../shared/shortcuts";
import { useCommand, type Attempt } from "../shared/useCommand";
import { firstPost, openPostField, PostFields, postId, tidiedPost } from "./PostFields";
import { pictureOf, SignaturePad, type Strokes } from "./SignaturePad";

const PREFIX = "collector";

interface Draft {
  way: CollectorRelation | "post";
  collector: Collector;
  post: Post;
  /** The originals that are given back; the others are filed. */
  returned: string[];
  strokes: Strokes;
}

type Signed = Omit<HandOver, "signature"> & { id: string; version: number; strokes: Strokes };

/** The signature first, as a file: the same strokes are the same file, so a repeated try is the same hand-over. */
async function handOver({ strokes, ...rest }: Signed, attempt: Attempt) {
  const signature = strokes.length ? (await putFile(await pictureOf(strokes))).sha256 : undefined;
  return deliverCase(signature ? { ...rest, signature } : rest, attempt);
}

/** What the applicant takes away of the outcome, and nobody has printed yet. */
const unprinted = ({ papers }: CaseView) =>
  papers
    .filter(({ kind }) => kind === "decision" || kind === "certificate" || kind === "rejection")
    .filter(({ prints }) => !prints.some(({ state }) => state === "done"));

/** Who collects the papers, or where they are sent. What is known is there already; the number is read from the card. */
export function Deliver({ of: view, onCancel }: { of: CaseView; onCancel: () => void }) {
  const { t } = useTranslation();
  const changed = useCaseChanged();
  const { today } = useCurrentSession();
  const [draft, change, drop] = useDraft<Draft>(
    `hall.hand-over.${view.id}`,
    () => {
      const collector = firstCollector(view);
      return { way: collector.relation, collector, post: firstPost(view), returned: [], strokes: [] };
    },
    (stored) => ({ ...stored, returned: stored.returned ?? [], strokes: stored.strokes ?? [] }),
  );
  const { way, collector, post, returned, strokes } = draft;
  const held = view.originals.filter((original) => !original.fate);
  const [insist, setInsist] = useState(false);
  const deliver = useCommand(
    handOver,
    (delivered) => {
      drop();
      changed(delivered);
      focusScanBox();
      // That it is done stands at the top.
      document.documentElement.scrollTop = 0;
    },
    () => changed(),
  );
  const first =
    way === "post" ? postId("tracking_number") : collectorId(PREFIX, collector.name ? "id_number" : "name");
  // The hand goes to what only the person at the desk knows; not while they type.
  useEffect(() => document.getElementById(first)?.focus(), [way]); // eslint-disable-line react-hooks/exhaustive-deps

  const set = (part: (before: Draft) => Partial<Draft>) => {
    deliver.clear();
    change((before) => ({ ...before, ...part(before) }));
  };
  const refused = useRef<HTMLDivElement>(null);
  const missing = unprinted(view);
  // Once everything is printed, it is not true any more that something is not.
  const problem = deliver.problem?.code === "paper-not-printed" && !missing.length ? null : deliver.problem;
  useEffect(() => {
    if (!problem) return;
    const led =
      way === "post"
        ? focusRefused<keyof Post>(problem, postId)
        : focusRefused<keyof Collector>(problem, (field) => collectorId(PREFIX, field));
    if (!led) refused.current?.scrollIntoView({ block: "nearest" });
  }, [problem, way]);
  const submit = () => {
    setInsist(true);
    const open =
      way === "post"
        ? [openPostField(post)].map((field) => field && postId(field))
        : [openField(view, collector, today)].map((field) => field && collectorId(PREFIX, field));
    if (open[0]) return document.getElementById(open[0])?.focus();
    void deliver.run({
      id: view.id,
      version: view.version,
      ...(way === "post" ? { post: tidiedPost(post) } : { collector: tidied(collector) }),
      strokes: way === "post" ? [] : strokes,
      originals: {
        returned: held.map(({ code }) => code).filter((code) => returned.includes(code)),
        archived: held.map(({ code }) => code).filter((code) => !returned.includes(code)),
      },
      print_proof: true,
    });
  };
  useShortcut("submit", submit);

  const labels: Record<string, string> = {
    name: t("deliver.name"),
    id_number: t("deliver.idNumber"),
    authority: t("deliver.authority"),
    note: t("deliver.note"),
    relation: t("deliver.relation"),
    signature: t("signature.title"),
    carrier: t("post.carrier"),
    tracking_number: t("post.trackingNumber"),
    addressee: t("post.addressee"),
    address: t("post.address"),
    phone: t("post.phone"),
    originals: t("originals.title"),
  };
  const noteId = way === "post" ? postId("note") : collectorId(PREFIX, "note");
  const note = way === "post" ? post.note : collector.note;
  return (
    <Section title={t("deliver.title")}>
      {missing.length > 0 && (
        <Alert
          type="warning"
          showIcon
          role="status"
          className="deliver-unprinted"
          data-testid="deliver-unprinted"
          title={t("deliver.unprinted", {
            papers: missing.map(({ title, number }) => `${title} ${number}`).join(t("listSign")),
          })}
        />
      )}
      <Ways
        label={t("deliver.relation")}
        value={way}
        options={[...relationsOf(view), "post" as const].map((value) => ({
          value,
          label: t(value === "post" ? "post.way" : `relation.${value}`),
        }))}
        onChange={(chosen) =>
          set((before) =>
            chosen === "post"
              ? { way: chosen }
              : { way: chosen, collector: related(view, before.collector, chosen), strokes: [] },
          )
        }
      />
      <form className="fields" onSubmit={neverByItself} onKeyDown={enterGoesOn}>
        {way === "post" ? (
          <PostFields
            post={post}
            registered={view.applicant?.phone}
            insist={insist}
            onChange={(part) => set((before) => ({ post: { ...before.post, ...part } }))}
          />
        ) : (
          <CollectorFields
            of={view}
            prefix={PREFIX}
            collector={collector}
            today={today}
            insist={insist}
            refused={deliver.problem}
            onChange={(part) =>
              set((before) => {
                const collector = { ...before.collector, ...part };
                // Nobody's signature stands for somebody else.
                const same = !("name" in part || "id_number" in part);
                return { way: collector.relation, collector, strokes: same ? before.strokes : [] };
              })
            }
          />
        )}
        <Field id={noteId} label={t("deliver.note")} className="field-wide">
          <Input
            id={noteId}
            data-testid={noteId}
            autoComplete="off"
            maxLength={200}
            value={note ?? ""}
            onChange={({ target }) =>
              set((before) =>
                way === "post"
                  ? { post: { ...before.post, note: target.value } }
                  : { collector: { ...before.collector, note: target.value } },
              )
            }
          />
        </Field>
        {held.length > 0 && (
          <fieldset className="field-wide originals">
            <legend>{t("originals.title")}</legend>
            <p className="quiet">{t("originals.hint")}</p>
            {held.map(({ code, name }) => (
              <Radio.Group
                key={code}
                aria-label={name}
                value={returned.includes(code) ? "returned" : "archived"}
                onChange={(event) => {
                  const back = event.target.value === "returned";
                  set((before) => {
                    const others = before.returned.filter((one) => one !== code);
                    return { returned: back ? [...others, code] : others };
                  });
                }}
              >
                <span lang="zh-CN">{name}</span>
                <Radio value="archived">{t("originals.archived")}</Radio>
                <Radio value="returned" data-testid={`original-returned-${code}`}>
                  {t("originals.returned")}
                </Radio>
              </Radio.Group>
            ))}
          </fieldset>
        )}
        {way !== "post" && (
          <fieldset className="field-wide deliver-signature">
            <legend>{t("signature.title")}</legend>
            <SignaturePad strokes={strokes} onChange={(strokes) => set(() => ({ strokes }))} />
          </fieldset>
        )}
        <div className="field-wide" ref={refused}>
          <Problem
            of={problem}
            nameOf={(pointer) => labels[pointer.split("/").at(-1) ?? ""]}
            onRetry={problem?.uncertain ? () => void deliver.retry() : undefined}
          />
        </div>
        <div className="buttons field-wide">
          <Button
            type="primary"
            size="large"
            onClick={submit}
            loading={deliver.busy}
            data-testid="deliver-submit"
          >
            {t(way === "post" ? "post.submit" : "deliver.submit")} <kbd>Ctrl+Enter</kbd>
          </Button>
          <Button
            size="large"
            onClick={() => {
              drop();
              onCancel();
            }}
          >
            {t("cancel")}
          </Button>
        </div>
      </form>
    </Section>
  );
}
