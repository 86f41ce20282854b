import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { AgentInput } from "../api/types";
import type { IdCard } from "../devices/calls";
import { CardRead } from "../devices/ReadCard";
import { DateField } from "../shared/DateField";
import { Field } from "../shared/Field";
import { bareNumber } from "../shared/identity";
import { Section } from "../shared/Page";
import { day } from "../shared/text";
import { useRefusalWords } from "../shared/words";
import { AGENT_FIELDS, OPTIONAL_FIELDS, type AgentField, type Gap } from "./filing";
import { PersonField } from "./PersonField";

const elementId = (field: AgentField) => `agent-${field}`;

/** Whether the keyboard is in the block. */
export const isAgents = (element: Element | null) =>
  AGENT_FIELDS.some((field) => element?.id === elementId(field));

export const agentElement = (field: AgentField) => document.getElementById(elementId(field));

interface Props {
  agent: AgentInput;
  gaps: Gap[];
  showAll: boolean;
  /** When the hall was told what it filled in here; null where somebody typed. */
  since: (field: AgentField) => string | null;
  onChange: (change: Partial<AgentInput>) => void;
  /** The card that was read for who acts; shown as long as the number is its own. */
  card: IdCard | null;
  onCardClose: () => void;
  /** The field is done with. */
  onEnter: () => void;
  onClose: () => void;
}

/** Who acts for the applicant (代理人), by what authority, and until when. */
export function AgentBlock(props: Props) {
  const { agent, gaps, showAll, since, onChange, card, onCardClose, onEnter, onClose } = props;
  const { t } = useTranslation();
  const sayRefusal = useRefusalWords();
  const [left, setLeft] = useState<ReadonlySet<AgentField>>(new Set());
  const faultOf = (field: AgentField) => {
    const gap = gaps.find((one) => one.part === "agent" && one.field === field);
    return gap?.part === "agent" ? gap.fault : null;
  };
  const until = faultOf("until");
  // Half a date is none yet.
  const untilShown = until && (until.code !== "wrong-date" || showAll || left.has("until")) ? until : null;
  return (
    <Section
      title={t("agent.title")}
      aside={
        <Button size="small" onClick={onClose} data-testid="agent-close">
          {t("agent.none")} <kbd>Alt+A</kbd>
        </Button>
      }
    >
      {card && bareNumber(card.number) === bareNumber(agent.id_number) && (
        <div className="card-reading">
          <CardRead of={card} onClose={onCardClose} />
        </div>
      )}
      <div className="fields">
        {AGENT_FIELDS.map((field) => {
          const at = since(field);
          return field === "until" ? (
            <Field
              key={field}
              id={elementId(field)}
              label={t("agent.until")}
              fault={
                untilShown &&
                sayRefusal({
                  ...untilShown,
                  params: { ...(untilShown.params as object), name: t("agent.until"), value: agent.until },
                })
              }
              hint={agent.until ? undefined : t("agent.untilHint")}
            >
              <DateField
                id={elementId(field)}
                value={agent.until ?? null}
                onChange={(until) => onChange({ until })}
                onBlur={() => setLeft((before) => new Set([...before, field]))}
              />
            </Field>
          ) : (
            <PersonField
              key={field}
              id={elementId(field)}
              testId={elementId(field)}
              label={t(`agent.${field}`)}
              required={!OPTIONAL_FIELDS.includes(field)}
              number={field === "id_number" ? "person" : field === "phone" ? "phone" : null}
              value={agent[field]}
              fault={faultOf(field)}
              insist={showAll}
              left={left.has(field)}
              note={at ? t("known.since", { at: day(at) }) : undefined}
              onEnter={onEnter}
              onChange={(value) => onChange({ [field]: value })}
              onLeave={() => setLeft((before) => new Set([...before, field]))}
            />
          );
        })}
      </div>
    </Section>
  );
}
