import { Button, Input, Radio } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { reviewTask } from "../api/department-calls";
import type { Outcome, TaskView } from "../api/types";
import { useDraft } from "../shared/draft";
import { Field } from "../shared/Field";
import { Section } from "../shared/Page";
import { Problem } from "../shared/Problem";
import { useShortcut } from "../shared/shortcuts";
import { useCommand } from "../shared/useCommand";
import { useReadAgain, useTaskChanged } from "./queries";
import { Sure } from "./Sure";

/** Reviews a task (审核): what one person proposes, and another decides. */
export function Review({ of: view }: { of: TaskView }) {
  const { t } = useTranslation();
  const changed = useTaskChanged();
  const inOne = view.review_and_decision_in_one;
  const [draft, change, drop] = useDraft(`department.review.${view.id}`, () => ({
    proposal: null as Outcome | null,
    opinion: "",
  }));
  const [insist, setInsist] = useState(false);
  const [confirming, setConfirming] = useState(false);
  const review = useCommand(
    reviewTask,
    (reviewed) => {
      drop();
      changed(reviewed);
    },
    useReadAgain(),
  );
  const opinionMissing = !draft.opinion.trim();
  const submit = () => {
    setInsist(true);
    if (!draft.proposal) return document.getElementById("review-granted")?.focus();
    if (opinionMissing) return document.getElementById("review-opinion")?.focus();
    setConfirming(true);
  };
  const send = () => {
    setConfirming(false);
    if (!draft.proposal) return;
    void review.run({
      id: view.id,
      version: view.version,
      proposal: draft.proposal,
      opinion: draft.opinion.trim(),
    });
  };
  useShortcut("submit", submit);
  return (
    <Section title={t("taskReview.title")} className="decide">
      <p className="quiet">{t(inOne ? "taskReview.hintInOne" : "taskReview.hint")}</p>
      <Radio.Group
        aria-label={t("taskReview.proposal")}
        value={draft.proposal}
        onChange={(event) => {
          const proposal = event.target.value as Outcome;
          change((before) => ({ ...before, proposal }));
        }}
      >
        <Radio id="review-granted" value="granted" data-testid="review-granted">
          {t("outcome.granted")}
        </Radio>
        <Radio value="denied" data-testid="review-denied">
          {t("outcome.denied")}
        </Radio>
      </Radio.Group>
      {insist && !draft.proposal && <p className="bad">{t("field.required")}</p>}
      <Field
        id="review-opinion"
        label={t("taskReview.opinion")}
        required
        fault={insist && opinionMissing ? t("field.required") : null}
      >
        <Input.TextArea
          id="review-opinion"
          data-testid="review-opinion"
          lang="zh-CN"
          autoSize={{ minRows: 2, maxRows: 8 }}
          maxLength={1000}
          value={draft.opinion}
          onChange={(event) => {
            const opinion = event.target.value;
            change((before) => ({ ...before, opinion }));
          }}
        />
      </Field>
      <p className="decide-foot">
        <Button
          type="primary"
          size="large"
          loading={review.busy}
          onClick={submit}
          data-testid="review-submit"
        >
          {t("taskReview.submit")} <kbd>Ctrl+Enter</kbd>
        </Button>
      </p>
      <Problem
        of={review.problem}
        nameOf={(pointer) => (pointer === "/opinion" ? t("taskReview.opinion") : undefined)}
        onRetry={review.problem?.uncertain ? () => void review.retry() : undefined}
      />
      <Sure
        of={view}
        open={confirming}
        title={t("taskReview.confirmTitle")}
        ok={t("taskReview.confirm")}
        onOk={send}
        onClose={() => setConfirming(false)}
      >
        <p>
          {draft.proposal && (
            <b className={`outcome outcome-${draft.proposal}`}>{t(`outcome.${draft.proposal}`)}</b>
          )}{" "}
          <span lang="zh-CN">{draft.opinion}</span>
        </p>
        <p>{t("taskReview.confirmWords")}</p>
      </Sure>
    </Section>
  );
}
