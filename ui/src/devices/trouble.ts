/** Why a device did not do what it was asked, by the names the shell has for it. */
export type DeviceTrouble =
  | "device-not-configured"
  | "no-card"
  | "card-misread"
  | "device-unplugged"
  | "device-busy"
  | "feeder-empty"
  | "scanner-jam"
  | "cover-open"
  | "device-failed"
  | "device-unreachable"
  | "device-silent"
  | "device-token"
  | "device-answer"
  | "scan-not-found";
