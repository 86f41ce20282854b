import { useQuery } from "@tanstack/react-query";
import { listDevices, type Device, type DeviceKind } from "./calls";

const LOOK_AGAIN = 10_000;

/** The devices of this window, looked at again as long as there are any. */
export function useDevices(): Device[] {
  const { data } = useQuery({
    queryKey: ["devices"],
    queryFn: listDevices,
    retry: false,
    staleTime: LOOK_AGAIN,
    refetchInterval: ({ state }) => (state.data?.length ? LOOK_AGAIN : false),
  });
  return data ?? [];
}

export function useDevice(kind: DeviceKind): Device | undefined {
  return useDevices().find((device) => device.kind === kind);
}

/** The same device works on whatever its name; while nobody answers for it, nothing can be asked of it. */
export const answers = (device: Device | undefined): device is Device =>
  device !== undefined && device.trouble !== "device-unreachable" && device.trouble !== "device-token";
