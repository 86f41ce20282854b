import { Button } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ApplicantInput } from "../api/types";
import { useCurrentSession } from "../session/useSession";
import { bareNumber } from "../shared/identity";
import { Problem } from "../shared/Problem";
import { useShortcut } from "../shared/shortcuts";
import { useCommand } from "../shared/useCommand";
import { readCard, type IdCard } from "./calls";
import { DeviceMark } from "./DeviceMark";
import "./devices.css";
import { answers, useDevice } from "./useDevices";

interface Props {
  /** Whether a person is filled in here, who may have a card. */
  somebody: boolean;
  /** The numbers that are filled in: what was read is shown as long as it is of one of these people. */
  numbers: string[];
  /** A card was read, asked for where the keyboard was. It took a while: somebody may have typed meanwhile. */
  onCard: (card: IdCard, at: Element | null) => void;
}

/** What a card says of an applicant. Of somebody else nothing stays; an address that was typed for the same person does. */
export function withCard(applicant: ApplicantInput, card: IdCard): Partial<ApplicantInput> {
  if (applicant.kind !== "person") return {};
  const before = bareNumber(applicant.id_number);
  const number = bareNumber(card.number);
  const another = before !== "" && before !== number;
  return {
    name: card.name,
    id_number: number,
    ...(another || !applicant.address ? { address: card.address } : {}),
    ...(another ? { phone: "" } : {}),
  };
}

/** Fills in who is here from the identity card on the reader (读卡); nothing where there is no reader. */
export function ReadCard({ somebody, numbers, onCard }: Props) {
  const { t } = useTranslation();
  const reader = useDevice("card-reader");
  const bridge = useDevice("bridge");
  const [card, setCard] = useState<IdCard | null>(null);
  const asked = useRef<Element | null>(null);
  const read = useCommand<null, IdCard>(readCard, (found) => {
    setCard(found);
    onCard(found, asked.current);
  });
  const start = () => {
    asked.current = document.activeElement;
    void read.run(null);
  };
  const usable = somebody && answers(reader);
  useShortcut("card", start, usable);

  if (!somebody || !(reader ?? bridge)) return null;
  return (
    <div className="card-reading">
      <div className="buttons">
        {usable && (
          <Button size="small" loading={read.busy} onClick={start} data-testid="read-card">
            {t("devices.readCard")} <kbd>F7</kbd>
          </Button>
        )}
        <DeviceMark of={reader ?? bridge} />
        {read.busy && (
          <span role="status" className="quiet">
            {t("devices.reading")}
          </span>
        )}
      </div>
      <Problem of={read.problem} onRetry={start} />
      {/* Gone as soon as the number belongs to somebody else. The photo is kept nowhere else than here. */}
      {card && !read.busy && numbers.some((number) => bareNumber(number) === bareNumber(card.number)) && (
        <CardRead of={card} onClose={() => setCard(null)} />
      )}
    </div>
  );
}

/** Who was read, and what else their card says. */
export function CardRead({ of: card, onClose }: { of: IdCard; onClose: () => void }) {
  const { t } = useTranslation();
  const { today } = useCurrentSession();
  const expired = card.valid_until !== null && card.valid_until < today;
  const validity = `${card.valid_from} – ${card.valid_until ?? t("devices.card.forGood")}`;
  const facts = [
    ["sex", t(`devices.card.${card.sex}`)],
    ["nation", card.nation],
    ["birth", card.birth_date],
    ["address", card.address],
    ["authority", card.authority],
    ["validity", validity],
  ] as const;
  return (
    <div className="card-read" data-testid="card-read">
      {card.photo && (
        <img
          src={`data:image/jpeg;base64,${card.photo}`}
          alt={t("devices.card.photoOf", { name: card.name })}
        />
      )}
      <div className="grow">
        <p role="status">
          <span className="good">{t("devices.card.read", { name: card.name })}</span>
        </p>
        {expired && (
          <p className="bad" data-testid="card-expired">
            {t("devices.card.expired", { date: card.valid_until })}
          </p>
        )}
        <dl>
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{t(`devices.card.${name}`)}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <p className="quiet">{t("devices.card.notKept")}</p>
      </div>
      <Button size="small" onClick={onClose}>
        {t("devices.card.close")}
      </Button>
    </div>
  );
}
