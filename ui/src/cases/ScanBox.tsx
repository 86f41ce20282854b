import { Input, type InputRef } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { findCase } from "../api/hall-calls";
import { Problem } from "../shared/Problem";
import { isEnter, useShortcut } from "../shared/shortcuts";
import { scanned } from "../shared/text";
import { useCommand } from "../shared/useCommand";

const SCAN_BOX = "scan-box";

/** Brings the hand back to the find box, as after a finished case. */
export const focusScanBox = () => document.getElementById(SCAN_BOX)?.focus();

const find = (scan: string) => findCase(scan);

interface Props {
  onFound: (id: string) => void;
  /** Where what is no number of one case goes: the number of a person, a phone, a name, a parcel with several results. */
  onWords?: (words: string) => void;
  /** The text means several cases, of which the newest is not more meant than the others. */
  onSeveral?: (words: string) => void;
  large?: boolean;
  focused?: boolean;
}

/** Takes what a scanner or a hand gives: a number in any grouping, a paper's number, the link of a code. */
export function ScanBox({ onFound, onWords, onSeveral = onWords, large, focused }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const input = useRef<InputRef>(null);
  const look = useCommand(
    find,
    ({ id, several }) => {
      setText("");
      if (several && onSeveral) onSeveral(scanned(text) ?? "");
      else onFound(id);
    },
    (failure) => {
      if (failure.code === "case-not-found") onWords?.(scanned(text) ?? "");
    },
  );
  const shown = onWords && look.problem?.code === "case-not-found" ? null : look.problem;
  useShortcut("find", () => input.current?.focus({ cursor: "all" }));
  useEffect(() => {
    if (focused) input.current?.focus();
  }, [focused]);

  const start = () => {
    const scan = scanned(text);
    if (scan) void look.run(scan).then((found) => found ?? input.current?.focus({ cursor: "all" }));
  };

  // Over another page it is of no use any more once the hand has gone on there; but not where it went to the answer.
  const onBlur = (event: React.FocusEvent<HTMLElement>) => {
    const gone =
      document.activeElement !== event.target && !event.currentTarget.contains(event.relatedTarget);
    if (gone && !large) look.clear();
  };

  return (
    <search onBlur={onBlur} className={large ? "scan scan-large" : "scan"}>
      <Input
        ref={input}
        id={SCAN_BOX}
        size={large ? "large" : "middle"}
        aria-label={t("scan.label")}
        placeholder={t(large ? "scan.placeholderLarge" : "scan.placeholder")}
        data-testid="scan-box"
        data-walk="search"
        autoComplete="off"
        suffix={<kbd>F2</kbd>}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          look.clear();
        }}
        onKeyDown={(event) => {
          if (event.key === "Escape") look.clear();
          if (!isEnter(event)) return;
          event.preventDefault();
          start();
        }}
      />
      {shown && (
        <div className="scan-problem">
          <Problem of={shown} onRetry={shown.uncertain ? start : undefined} />
        </div>
      )}
    </search>
  );
}
