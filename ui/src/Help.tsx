import { Button, Drawer, Modal } from "antd";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { useFocusBack } from "./shared/focus";
import { SHORTCUTS, type ShortcutName } from "./shared/shortcuts";
import type { zh } from "./i18n/zh";
import { startTour } from "./tour";

type Topic = keyof (typeof zh)["help"]["topics"];

export function topicOf(path: string): Topic {
  if (path.startsWith("/window")) return "window";
  if (path.startsWith("/output")) return "output";
  if (path.startsWith("/department")) return "department";
  return path.startsWith("/cases/") ? "case" : "cases";
}

/** Where a key does something. One that is not named here does it everywhere. */
const PLACES: Partial<Record<ShortcutName, Topic[]>> = {
  submit: ["window", "case", "output", "department"],
  print: ["window", "case", "output"],
  next: ["window", "department"],
  gap: ["window", "case"],
  card: ["window", "case", "output"],
  guide: ["window"],
  item: ["window"],
  agent: ["window"],
  example: ["window"],
  reuse: ["window"],
  looked: ["window", "case"],
  unmet: ["window"],
  then: ["window", "case"],
  screen: ["window"],
  drafts: ["window"],
  claim: ["department"],
  ask: ["department"],
  reject: ["department"],
  document: ["department"],
  enquiries: ["department", "case"],
};

type InPlace = keyof (typeof zh)["help"]["inPlace"];
const IN_PLACE: Partial<Record<InPlace, Topic[]>> = {
  "↑ ↓": ["window", "output", "department", "cases"],
  Enter: ["window", "output", "department", "cases"],
  "1 – 9": ["window", "case"],
  Space: ["window", "case", "department"],
};

interface Props {
  /** What is on the screen. */
  topic: Topic;
  open: boolean;
  onClose: () => void;
  /** How many desks the menu has. */
  desks: number;
  /** Whether this is a demo, which has examples. */
  demo: boolean;
}

/** Short and true: what this screen is for and what comes next. */
export function HelpDrawer({ topic, open, onClose, desks, demo }: Props) {
  const { t } = useTranslation();
  const text = useRef<HTMLDivElement>(null);
  const { title, lines } = t(`help.topics.${topic}`, { returnObjects: true });
  return (
    <Drawer
      open={open}
      onClose={onClose}
      title={t("help.title", { title })}
      size={420}
      destroyOnHidden
      // It is scrolled by the arrow keys, and begins at its beginning.
      afterOpenChange={(shown) => shown && text.current?.focus({ preventScroll: true })}
    >
      <div ref={text} tabIndex={0} role="group" aria-label={title} data-testid="help-lines">
        <ol className="help">
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ol>
        {topic === "window" && (
          <p>
            <Button
              onClick={() => {
                onClose();
                startTour();
              }}
              data-testid="tour-again"
            >
              {t("tour.again")}
            </Button>
          </p>
        )}
        <h3>{t("help.keys")}</h3>
        <Keys topic={topic} desks={desks} demo={demo} />
      </div>
    </Drawer>
  );
}

export function ShortcutList({ open, ...shown }: Props) {
  // A dialog that is fading away would still hold back every key.
  return open ? <KeysDialog {...shown} /> : null;
}

type KeysProps = Pick<Props, "topic" | "desks" | "demo">;

function KeysDialog({ onClose, ...keys }: KeysProps & Pick<Props, "onClose">) {
  const { t } = useTranslation();
  useFocusBack();
  return (
    <Modal open onCancel={onClose} footer={null} title={t("help.keys")}>
      <Keys {...keys} />
    </Modal>
  );
}

/** The keys of this screen first, and then those that work everywhere; not those of other desks. */
function Keys({ topic, desks, demo }: KeysProps) {
  const { t } = useTranslation();
  const works = (name: ShortcutName) => {
    if (name === "example") return demo;
    return !name.startsWith("menu") || Number(name.slice(4)) <= desks;
  };
  const names = (Object.keys(SHORTCUTS) as ShortcutName[]).filter(works);
  const inPlace = Object.entries(t("help.inPlace", { returnObjects: true })) as [InPlace, string][];
  return (
    <table className="keys">
      <tbody>
        {[
          ...names.filter((name) => PLACES[name]?.includes(topic)),
          ...names.filter((name) => PLACES[name] === undefined),
        ].map((name) => (
          <tr key={name}>
            <th scope="row">
              {SHORTCUTS[name].map((keys) => (
                <kbd key={keys}>{keys}</kbd>
              ))}
            </th>
            <td>{t(`shortcut.${name}`)}</td>
          </tr>
        ))}
        {inPlace
          .filter(([key]) => IN_PLACE[key]?.includes(topic) ?? true)
          .map(([key, words]) => (
            <tr key={key}>
              <th scope="row">
                <kbd>{key}</kbd>
              </th>
              <td>{words}</td>
            </tr>
          ))}
      </tbody>
    </table>
  );
}
