import { Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { rejectTask } from "../api/department-calls";
import type { TaskView } from "../api/types";
import { competentOf, focusGround, GroundFields, openGround, type Grounds } from "../cases/GroundFields";
import { Unverified } from "../cases/marks";
import { useDraft } from "../shared/draft";
import { Field } from "../shared/Field";
import { Section } from "../shared/Page";
import { Problem } from "../shared/Problem";
import { useShortcut } from "../shared/shortcuts";
import { useCommand } from "../shared/useCommand";
import { useReadAgain, useTaskChanged } from "./queries";
import { SealLine, Sure } from "./Sure";

/** Does not accept a task (不予受理): on what ground, why, who is competent, and what the applicant can do about it. */
export function Reject({ of: view }: { of: TaskView }) {
  const { t } = useTranslation();
  const changed = useTaskChanged();
  const [draft, change, drop] = useDraft<Grounds & { reason: string }>(
    `department.reject.${view.id}`,
    () => ({ ground: null, reason: "", authority: "" }),
  );
  const [insist, setInsist] = useState(false);
  const [confirming, setConfirming] = useState(false);
  const reject = useCommand(
    rejectTask,
    (rejected) => {
      drop();
      changed(rejected);
    },
    useReadAgain(),
  );
  const competent = competentOf(draft);
  const reasonMissing = !draft.reason.trim();
  const set = (part: Partial<typeof draft>) => change((before) => ({ ...before, ...part }));
  const submit = () => {
    setInsist(true);
    const open = openGround(draft);
    if (open) return focusGround("reject", open);
    if (reasonMissing) return document.getElementById("reject-reason")?.focus();
    setConfirming(true);
  };
  const send = () => {
    setConfirming(false);
    if (!draft.ground) return;
    void reject.run({
      id: view.id,
      version: view.version,
      ground: draft.ground,
      reason: draft.reason.trim(),
      ...(competent === null ? {} : { competent_authority: competent }),
    });
  };
  useShortcut("submit", submit);
  const { remedies, remedies_verified: verified, rejection } = view.papers_to_come;
  return (
    <Section title={t("reject.title")} className="decide">
      <p className="quiet">{t("reject.hint")}</p>
      <GroundFields of={draft} prefix="reject" insist={insist} onChange={set} />
      <Field
        id="reject-reason"
        label={t("reject.reason")}
        required
        fault={insist && reasonMissing ? t("field.required") : null}
      >
        <Input.TextArea
          id="reject-reason"
          data-testid="reject-reason"
          lang="zh-CN"
          autoSize={{ minRows: 2, maxRows: 8 }}
          maxLength={1000}
          value={draft.reason}
          onChange={(event) => set({ reason: event.target.value })}
        />
      </Field>
      <div className="remedies">
        <b>{t("reject.remedies")}</b> {!verified && <Unverified />}
        <p lang="zh-CN">{remedies}</p>
      </div>
      <Problem
        of={reject.problem}
        nameOf={(pointer) =>
          ({
            "/reason": t("reject.reason"),
            "/competent_authority": t("act.authority"),
            "/ground": t("act.ground"),
          })[pointer]
        }
        onRetry={reject.problem?.uncertain ? () => void reject.retry() : undefined}
      />
      <p className="decide-foot">
        <Button
          type="primary"
          danger
          size="large"
          loading={reject.busy}
          onClick={submit}
          data-testid="reject-submit"
        >
          {t("reject.submit")} <kbd>Ctrl+Enter</kbd>
        </Button>
      </p>
      <Sure
        of={view}
        open={confirming}
        title={t("reject.confirmTitle")}
        ok={t("reject.confirm")}
        danger
        onOk={send}
        onClose={() => setConfirming(false)}
      >
        <div className="paper-preview" lang="zh-CN">
          <h3>{rejection}</h3>
          <p>{view.applicant.name}：</p>
          <p>{draft.reason}</p>
          {competent !== null && <p>请向{competent}提出申请。</p>}
          <p>{remedies}</p>
        </div>
        <p>{draft.ground && t(`ground.${draft.ground}`)}</p>
        <p>{t("reject.confirmWords")}</p>
        <SealLine of={view} />
      </Sure>
    </Section>
  );
}
