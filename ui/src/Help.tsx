import { Button, Drawer, Modal } from "antd";
import { useTranslation } from "react-i18next";
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

interface Props {
  open: boolean;
  onClose: () => void;
  /** How many desks the menu has. */
  desks: number;
  /** Whether this is a demo, which has examples. */
  demo: boolean;
}

/** Short and true: what this screen is for and what comes next. */
export function HelpDrawer({ topic, open, onClose, desks, demo }: Props & { topic: Topic }) {
  const { t } = useTranslation();
  const { title, lines } = t(`help.topics.${topic}`, { returnObjects: true });
  return (
    <Drawer open={open} onClose={onClose} title={t("help.title", { title })} size={420} destroyOnHidden>
      {/* It scrolls by the arrow keys. */}
      <div tabIndex={0} role="group" aria-label={title}>
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
        <Keys desks={desks} demo={demo} />
      </div>
    </Drawer>
  );
}

export function ShortcutList({ open, onClose, desks, demo }: Props) {
  const { t } = useTranslation();
  // A dialog that is fading away would still hold back every key.
  if (!open) return null;
  return (
    <Modal open onCancel={onClose} footer={null} title={t("help.keys")}>
      <Keys desks={desks} demo={demo} />
    </Modal>
  );
}

function Keys({ desks, demo }: { desks: number; demo: boolean }) {
  const { t } = useTranslation();
  const works = (name: ShortcutName) => {
    if (name === "example") return demo;
    return !name.startsWith("menu") || Number(name.slice(4)) <= desks;
  };
  return (
    <table className="keys">
      <tbody>
        {(Object.keys(SHORTCUTS) as ShortcutName[]).filter(works).map((name) => (
          <tr key={name}>
            <th scope="row">
              {SHORTCUTS[name].map((keys) => (
                <kbd key={keys}>{keys}</kbd>
              ))}
            </th>
            <td>{t(`shortcut.${name}`)}</td>
          </tr>
        ))}
        {Object.entries(t("help.inPlace", { returnObjects: true })).map(([key, words]) => (
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
