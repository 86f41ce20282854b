/** Whether the applicant's screen is open: in a browser it answers the desk beside it, in the desktop program the shell does. */
import { useEffect, useState } from "react";
import { screenOfDesk, sessionsAreShared } from "../backend";

const NAME = "yichuang.screen";
const ASK_EVERY = 1_500;

type Word = "who" | "here" | "gone";

const channel = () => ("BroadcastChannel" in globalThis ? new BroadcastChannel(NAME) : null);

/** The screen's side: it says that it is there to whoever asks, and that it goes. */
export function useSayingThere(): void {
  useEffect(() => {
    const desks = channel();
    if (!desks) return undefined;
    const say = (word: Word) => () => desks.postMessage(word);
    const [here, gone] = [say("here"), say("gone")];
    desks.onmessage = ({ data }: MessageEvent<Word>) => data === "who" && here();
    addEventListener("pageshow", here);
    addEventListener("pagehide", gone);
    here();
    return () => {
      gone();
      removeEventListener("pageshow", here);
      removeEventListener("pagehide", gone);
      desks.close();
    };
  }, []);
}

/** The desk's side. Null as long as it is not known. */
export function useScreenThere(): boolean | null {
  const [there, setThere] = useState<boolean | null>(null);
  useEffect(() => {
    const look = () => void screenOfDesk()?.then(setThere, () => setThere(null));
    if (!sessionsAreShared()) {
      look();
      const timer = setInterval(look, ASK_EVERY);
      return () => clearInterval(timer);
    }
    const screens = channel();
    if (!screens) return undefined;
    let answered = false;
    const ask = () => {
      answered = false;
      screens.postMessage("who" satisfies Word);
    };
    screens.onmessage = ({ data }: MessageEvent<Word>) => {
      if (data === "who") return;
      answered = data === "here";
      setThere(answered);
      // There may be another one.
      if (data === "gone") ask();
    };
    ask();
    const timer = setInterval(() => {
      if (!answered) setThere(false);
      ask();
    }, ASK_EVERY);
    return () => {
      clearInterval(timer);
      screens.close();
    };
  }, []);
  return there;
}
