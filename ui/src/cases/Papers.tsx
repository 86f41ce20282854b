import { Alert, Button, Input, Modal, type InputRef } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { cancelPrint, printPaper, retryPrint } from "../api/hall-calls";
import type { PaperView, PrintView } from "../api/types";
import { address } from "../backend";
import { useFocusBack } from "../shared/focus";
import { Empty } from "../shared/Page";
import { PreviewButton } from "../shared/Preview";
import { Problem } from "../shared/Problem";
import { isEnter } from "../shared/shortcuts";
import { moment } from "../shared/text";
import { useAskedLeave } from "../shared/useAskedLeave";
import { useCommand } from "../shared/useCommand";
import { useNamed } from "../shared/words";
import { isUnderWay, useCaseChanged } from "./queries";

/** The papers of a case: to look at, to print, and how their printing goes. */
export function Papers({ papers }: { papers: PaperView[] }) {
  const { t } = useTranslation();
  if (!papers.length) return <Empty title={t("papers.none")}>{t("papers.noneHint")}</Empty>;
  return (
    <ul className="plain-list papers">
      {papers.map((paper) => (
        <Paper key={paper.id} of={paper} />
      ))}
    </ul>
  );
}

/** Whether no sheet of it has come, or is to come, out of a printer. */
export const isUnprinted = ({ prints }: PaperView): boolean =>
  !prints.some(({ state }) => state !== "cancelled" && state !== "failed");

/** Where the first paper that can be printed, and is not, is printed. */
export const unprintedElement = () =>
  document.querySelector<HTMLElement>(".papers [data-unprinted]:not(:disabled)");

export const lastPrint = ({ prints }: PaperView): PrintView | undefined =>
  [...prints].sort((a, b) => a.nth - b.nth).at(-1);

function Paper({ of: paper }: { of: PaperView }) {
  const { t } = useTranslation();
  const changed = useCaseChanged();
  const done = () => changed();
  const print = useCommand(printPaper, done);
  const cancel = useCommand(cancelPrint, done);
  const again = useCommand(retryPrint, done);
  const [asking, setAsking] = useState(false);
  const last = lastPrint(paper);
  const problem = print.problem ?? cancel.problem ?? again.problem;
  const failed = last?.state === "failed";
  const first = isUnprinted(paper);

  return (
    <li className="paper">
      <div className="paper-line">
        <div className="grow" lang="zh-CN">
          <strong>{paper.title}</strong>
          <span className="number">{paper.number}</span>
        </div>
        <span
          className={`print-state print-${last?.state ?? paper.state}`}
          data-testid={`paper-state-${paper.kind}`}
          data-state={last?.state ?? paper.state}
        >
          {last
            ? t("print.nth", { nth: last.nth, state: t(`print.${last.state}`) })
            : t(`paperState.${paper.state}`)}
        </span>
        <PreviewButton
          disabled={paper.state !== "ready"}
          of={{
            title: paper.title,
            address: address("hall", `/papers/${paper.id}`),
            mediaType: "application/pdf",
          }}
        />
        {last?.state === "queued" && (
          <Button size="small" loading={cancel.busy} onClick={() => void cancel.run(last.id)}>
            {t("print.cancel")}
          </Button>
        )}
        {failed && (
          <Button size="small" type="primary" loading={again.busy} onClick={() => void again.run(last.id)}>
            {t("print.retry")}
          </Button>
        )}
        {!failed && (
          <Button
            size="small"
            type={first ? "primary" : "default"}
            data-testid={`paper-print-${paper.kind}`}
            data-unprinted={first || undefined}
            disabled={paper.state !== "ready" || last?.state === "held"}
            // Not disabled meanwhile: a disabled button loses the keyboard.
            loading={print.busy || (last !== undefined && isUnderWay(last.state))}
            aria-label={t(first ? "print.doOf" : "print.reprintOf", { name: paper.title })}
            onClick={() => (first ? void print.run({ id: paper.id }) : setAsking(true))}
          >
            {t(first ? "print.do" : "print.reprint")}
          </Button>
        )}
      </div>
      {last?.trouble && last.state !== "done" && (
        <Alert
          type="warning"
          showIcon
          title={<Trouble code={last.trouble} />}
          description={last.printer && t("print.at", { printer: last.printer })}
        />
      )}
      <Problem of={problem} onRetry={print.problem?.uncertain ? () => void print.retry() : undefined} />
      {paper.prints.length > 1 && <PrintHistory prints={paper.prints} />}
      {asking && (
        <Reason
          title={t("print.reprintOf", { name: paper.title })}
          onCancel={() => setAsking(false)}
          onReason={(reason) => {
            setAsking(false);
            void print.run({ id: paper.id, reason });
          }}
        />
      )}
    </li>
  );
}

function PrintHistory({ prints }: { prints: PrintView[] }) {
  const { t } = useTranslation();
  return (
    <p className="quiet">
      {prints
        .map(
          ({ nth, state, requested_at }) =>
            `${t("print.nth", { nth, state: t(`print.${state}`) })} ${moment(requested_at)}`,
        )
        .join(" · ")}
    </p>
  );
}

/** What keeps a printer, in words; a code nobody has words for is at least shown. */
export function Trouble({ code }: { code: string }) {
  const { t } = useTranslation();
  return useNamed()(`trouble.${code}`, t("trouble.other", { code }));
}

interface ReasonProps {
  title: string;
  onReason: (reason: string) => void;
  onCancel: () => void;
}

/** A second print is counted, so it has a reason. */
function Reason({ title, onReason, onCancel }: ReasonProps) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const quick = t("print.reasons", { returnObjects: true });
  useFocusBack();
  const leave = useAskedLeave(Boolean(reason.trim()) && !quick.includes(reason), onCancel);
  const input = useRef<InputRef>(null);
  return (
    <Modal
      open
      title={title}
      onCancel={leave}
      mask={{ closable: false }}
      afterOpenChange={(open) => open && input.current?.focus()}
      onOk={() => onReason(reason.trim())}
      okText={t("print.reprint")}
      cancelText={t("cancel")}
      okButtonProps={{ disabled: !reason.trim(), "data-testid": "confirm-ok" }}
    >
      <label htmlFor="reprint-reason">{t("print.reason")}</label>
      <Input
        id="reprint-reason"
        data-testid="reprint-reason"
        ref={input}
        value={reason}
        maxLength={100}
        onChange={(event) => setReason(event.target.value)}
        onPressEnter={(event) => {
          if (isEnter(event) && reason.trim()) onReason(reason.trim());
        }}
      />
      <p className="quick">
        {quick.map((one) => (
          <Button key={one} size="small" onClick={() => setReason(one)}>
            {one}
          </Button>
        ))}
      </p>
    </Modal>
  );
}
