import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Modal } from "antd";
import { useTranslation } from "react-i18next";
import { listDrafts, readDraft, removeDraft } from "../api/hall-calls";
import type { DraftRow } from "../api/types";
import { writeDraft } from "../shared/draft";
import { useFocusBack } from "../shared/focus";
import { Empty, Loaded, More } from "../shared/Page";
import { Problem } from "../shared/Problem";
import { moment } from "../shared/text";
import { useCommand } from "../shared/useCommand";
import { mended } from "./filing";
import { fetched, keptKey } from "./useKeeping";

const DRAFTS = ["hall", "live", "drafts"];

export const useDrafts = () =>
  useInfiniteQuery({
    queryKey: DRAFTS,
    queryFn: ({ pageParam }) => listDrafts(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });

/** Puts a draft of the hall on this desk, as if it had been typed here. */
export async function fetchDraft(id: string): Promise<string> {
  const view = await readDraft(id);
  const draft = mended(view.content, id);
  writeDraft(`hall.filing.${id}`, draft);
  writeDraft(keptKey(id), fetched(view, draft));
  return id;
}

interface Props {
  /** The draft that is on the desk. */
  current: string;
  onResume: (id: string) => void;
  onClose: () => void;
}

/** What was put aside, at this window or another, to go on with or to throw away (暂存件). */
export function Drafts({ current, onResume, onClose }: Props) {
  const { t } = useTranslation();
  const query = useDrafts();
  useFocusBack();
  return (
    <Modal
      open
      footer={null}
      onCancel={onClose}
      title={t("drafts.title")}
      width={720}
      afterOpenChange={(open) => open && document.querySelector<HTMLElement>("[data-draft] button")?.focus()}
    >
      <p className="quiet">{t("drafts.words")}</p>
      <Loaded query={query}>
        {({ pages }) => {
          const rows = pages.flatMap(({ items }) => items as DraftRow[]).filter(({ id }) => id !== current);
          if (!rows.length) return <Empty title={t("drafts.none")}>{t("drafts.noneHint")}</Empty>;
          return (
            <>
              <ul className="plain-list drafts" onKeyDown={onArrow}>
                {rows.map((row) => (
                  <Row key={row.id} of={row} onResume={onResume} />
                ))}
              </ul>
              <More query={query} />
            </>
          );
        }}
      </Loaded>
    </Modal>
  );
}

/** Up and down go from draft to draft. */
function onArrow(event: React.KeyboardEvent<HTMLElement>) {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (!step) return;
  event.preventDefault();
  const rows = [...event.currentTarget.querySelectorAll("li")];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  rows[at + step]?.querySelector<HTMLElement>("button")?.focus();
}

function Row({ of: row, onResume }: { of: DraftRow; onResume: Props["onResume"] }) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const queries = useQueryClient();
  const resume = useCommand(fetchDraft, onResume);
  const remove = useCommand(removeDraft, () => void queries.invalidateQueries({ queryKey: DRAFTS }));
  const title = row.title.trim() || t("drafts.untitled");
  const ask = () =>
    void modal.confirm({
      title: t("drafts.dropTitle", { title }),
      content: t("drafts.dropWords"),
      okText: t("drafts.drop"),
      cancelText: t("cancel"),
      autoFocusButton: "cancel",
      okButtonProps: { danger: true },
      onOk: () => void remove.run(row.id),
    });
  return (
    <li className="draft-row" data-draft>
      <div className="material-line">
        <div className="grow">
          <strong lang="zh-CN">{title}</strong>
          <span className="quiet">{t("drafts.at", { at: moment(row.updated_at), window: row.window })}</span>
        </div>
        <Button
          size="small"
          type="primary"
          loading={resume.busy}
          aria-label={t("drafts.resumeOf", { title })}
          onClick={() => void resume.run(row.id)}
          data-testid={`draft-resume-${row.id}`}
        >
          {t("drafts.resume")}
        </Button>
        <Button
          size="small"
          danger
          loading={remove.busy}
          aria-label={t("drafts.dropOf", { title })}
          onClick={ask}
          data-testid={`draft-drop-${row.id}`}
        >
          {t("drafts.drop")}
        </Button>
      </div>
      <Problem of={resume.problem ?? remove.problem} />
    </li>
  );
}
