import { AutoComplete, Input } from "antd";
import { useTranslation } from "react-i18next";
import type { CaseView, Post } from "../api/types";
import { Field } from "../shared/Field";
import { phoneFault } from "../shared/identity";
import { plain } from "../shared/text";

/** The carriers that halls usually hand a parcel to; any other can be written. */
const CARRIERS = ["中国邮政 EMS", "顺丰速运"];

/** A parcel to the applicant, where the address is known. */
export const firstPost = ({ applicant }: CaseView): Post => ({
  carrier: CARRIERS[0]!,
  tracking_number: "",
  addressee: applicant?.name ?? "",
  address: applicant?.address ?? "",
});

const traced = (text: string) => plain(text).replace(/[\s-]/g, "").toUpperCase();
const isTraced = (text: string) => /^[0-9A-Z]{8,30}$/.test(traced(text));

export function openPostField(post: Post): keyof Post | null {
  if (!post.carrier.trim()) return "carrier";
  if (!isTraced(post.tracking_number)) return "tracking_number";
  if (!post.addressee.trim()) return "addressee";
  if (!post.address.trim()) return "address";
  return post.phone?.trim() && phoneFault(post.phone) ? "phone" : null;
}

export function tidiedPost(post: Post): Post {
  const [phone, note] = [post.phone?.trim(), post.note?.trim()];
  return {
    carrier: post.carrier.trim(),
    tracking_number: traced(post.tracking_number),
    addressee: post.addressee.trim(),
    address: post.address.trim(),
    ...(phone ? { phone } : {}),
    ...(note ? { note } : {}),
  };
}

export const postId = (field: keyof Post) => `post-${field.replace("_", "-")}`;

interface Props {
  post: Post;
  /** The applicant's phone, as far as it is shown. */
  registered?: string;
  insist: boolean;
  onChange: (change: Partial<Post>) => void;
}

/** How the result is sent: carrier, number of the parcel, to whom and where. */
export function PostFields({ post, registered, insist, onChange }: Props) {
  const { t } = useTranslation();
  const required = (text: string) => (insist && !text.trim() ? t("field.required") : null);
  const number = post.tracking_number.trim();
  const phone = post.phone?.trim() ? phoneFault(post.phone) : null;
  const line = (field: "addressee" | "address") => (
    <Field
      id={postId(field)}
      className={field === "address" ? "field-wide" : undefined}
      label={t(`post.${field}`)}
      required
      fault={required(post[field])}
    >
      <Input
        id={postId(field)}
        data-testid={postId(field)}
        autoComplete="off"
        maxLength={200}
        value={post[field]}
        onChange={(event) => onChange({ [field]: event.target.value })}
      />
    </Field>
  );
  return (
    <>
      <Field id={postId("carrier")} label={t("post.carrier")} required fault={required(post.carrier)}>
        <AutoComplete
          id={postId("carrier")}
          data-testid={postId("carrier")}
          value={post.carrier}
          options={CARRIERS.map((value) => ({ value }))}
          onChange={(value: string) => onChange({ carrier: value })}
        />
      </Field>
      <Field
        id={postId("tracking_number")}
        label={t("post.trackingNumber")}
        required
        fault={
          required(number) ??
          (insist && !isTraced(number) ? t("field.no-tracking-number", { min: 8, max: 30 }) : null)
        }
        hint={t("post.trackingHint")}
      >
        <Input
          id={postId("tracking_number")}
          data-testid={postId("tracking_number")}
          className="number"
          autoComplete="off"
          maxLength={60}
          value={post.tracking_number}
          onChange={(event) => onChange({ tracking_number: event.target.value })}
        />
      </Field>
      {line("addressee")}
      <Field
        id={postId("phone")}
        label={t("post.phone")}
        fault={insist && phone ? t(`identity.phone.${phone}`) : null}
        hint={registered && t("post.phoneHint", { phone: registered })}
      >
        <Input
          id={postId("phone")}
          data-testid={postId("phone")}
          className="number"
          autoComplete="off"
          value={post.phone ?? ""}
          onChange={(event) => onChange({ phone: event.target.value })}
        />
      </Field>
      {line("address")}
    </>
  );
}
