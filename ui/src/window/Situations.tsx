import { useTranslation } from "react-i18next";
import type { ItemQuestion } from "../api/types";
import { Section } from "../shared/Page";
import { useRefusalWords } from "../shared/words";
import type { Gap } from "./filing";

const elementId = (code: string) => `question-${code}`;

export const questionElement = (code: string) =>
  document.querySelector<HTMLElement>(`#${elementId(code)} input:checked`) ??
  document.getElementById(elementId(code));

interface Props {
  /** What is asked in this situation. */
  of: ItemQuestion[];
  answers: Record<string, string>;
  gaps: Gap[];
  showAll: boolean;
  onAnswer: (question: string, option: string) => void;
}

/** What the situation is (情形). Each answer has a number, which is its key while its question has the keyboard. */
export function Situations({ of: questions, answers, gaps, showAll, onAnswer }: Props) {
  const { t } = useTranslation();
  const sayRefusal = useRefusalWords();
  if (!questions.length) return null;
  return (
    <Section
      title={t("window.situations")}
      aside={<span className="quiet">{t("window.situationsHint")}</span>}
    >
      {questions.map(({ code, text, options }) => {
        const gap = gaps.find((one) => one.part === "question" && one.code === code);
        const fault = gap?.part === "question" && (showAll || gap.fault.refused) ? gap.fault : null;
        const onKeyDown = (event: React.KeyboardEvent) => {
          if (event.ctrlKey || event.altKey || event.metaKey || !/^[1-9]$/.test(event.key)) return;
          const option = options[Number(event.key) - 1];
          if (!option) return;
          event.preventDefault();
          onAnswer(code, option.code);
          // The hand goes on to the next question that is open, or stays where all are answered.
          const next = questions.find((one) => one.code !== code && answers[one.code] === undefined);
          const at = next && questions.indexOf(next) > questions.findIndex((one) => one.code === code);
          const to =
            at && next ? document.getElementById(elementId(next.code))?.querySelector("input") : null;
          (to ?? document.getElementById(`${elementId(code)}-${option.code}`))?.focus();
        };
        return (
          <fieldset
            key={code}
            id={elementId(code)}
            className="question"
            role="radiogroup"
            aria-labelledby={`${elementId(code)}-text`}
            aria-invalid={Boolean(fault)}
            aria-describedby={fault ? `${elementId(code)}-help` : undefined}
            onKeyDown={onKeyDown}
          >
            <legend id={`${elementId(code)}-text`} lang="zh-CN">
              {text}
            </legend>
            <div className="choices">
              {options.map((option, at) => (
                <label key={option.code} className="choice" lang="zh-CN">
                  <input
                    id={`${elementId(code)}-${option.code}`}
                    type="radio"
                    name={elementId(code)}
                    data-testid={`answer-${code}-${option.code}`}
                    checked={answers[code] === option.code}
                    onChange={() => onAnswer(code, option.code)}
                  />
                  {at < 9 && <kbd>{at + 1}</kbd>} {option.label}
                </label>
              ))}
            </div>
            {fault && (
              <p id={`${elementId(code)}-help`} className="bad">
                {sayRefusal(fault)}
              </p>
            )}
          </fieldset>
        );
      })}
    </Section>
  );
}
