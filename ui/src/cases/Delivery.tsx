import { useTranslation } from "react-i18next";
import type { DeliveryView } from "../api/types";
import { Row, Rows } from "../shared/Rows";
import { moment } from "../shared/text";
import { DeliveryMark } from "./marks";

/** Whether the other side has been told, and if not, why. */
export function Delivery({
  of: { state, attempts, last_error, next_at, delivered_at },
}: {
  of: DeliveryView;
}) {
  const { t } = useTranslation();
  return (
    <Rows>
      <Row title={t("delivery.title")}>
        <DeliveryMark state={state} />
      </Row>
      <Row title={t("delivery.attempts")}>{String(attempts)}</Row>
      {delivered_at && <Row title={t("delivery.at")}>{moment(delivered_at)}</Row>}
      {last_error && state !== "delivered" && <Row title={t("delivery.lastError")}>{last_error}</Row>}
      {next_at && state !== "delivered" && <Row title={t("delivery.next")}>{moment(next_at)}</Row>}
    </Rows>
  );
}
