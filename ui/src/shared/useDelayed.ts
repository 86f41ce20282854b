import { useEffect, useState } from "react";

/** The value once it has been still for a moment, so that each letter typed is not a question to the server. */
export function useDelayed<T>(value: T, milliseconds = 250): T {
  const [still, setStill] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setStill(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return still;
}
