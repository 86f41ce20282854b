import { useTranslation } from "react-i18next";
import type { Device } from "./calls";

/** What keeps a device from working, in a few words; nothing while it works. */
export function DeviceMark({ of: device }: { of: Device | undefined }) {
  const { t } = useTranslation();
  if (!device?.trouble) return null;
  const name = device.name || t(`devices.kind.${device.kind}`);
  return (
    <span className="bad" data-testid={`device-${device.kind}`}>
      {t("devices.state", { name, state: t(`devices.trouble.${device.trouble}`) })}
    </span>
  );
}
