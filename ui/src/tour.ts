/** Whether somebody is being walked through the window, wherever it was asked for. */
import { useSyncExternalStore } from "react";

let walking = false;
const watchers = new Set<() => void>();

const watch = (tell: () => void) => {
  watchers.add(tell);
  return () => watchers.delete(tell);
};

function walk(on: boolean) {
  walking = on;
  watchers.forEach((tell) => tell());
}

export const startTour = () => walk(true);
export const endTour = () => walk(false);
export const useTour = () => useSyncExternalStore(watch, () => walking);
