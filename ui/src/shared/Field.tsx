import { Form } from "antd";
import type { ReactNode } from "react";

interface Props {
  id: string;
  label: string;
  required?: boolean;
  fault?: string | null;
  hint?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** A labelled field with its hint, or what is wrong with it. The child carries the same id. */
export function Field({ id, label, required, fault, hint, className, children }: Props) {
  return (
    <Form.Item
      className={className}
      layout="vertical"
      htmlFor={id}
      label={label}
      required={required}
      validateStatus={fault ? "error" : undefined}
      help={fault ? <span id={`${id}-help`}>{fault}</span> : hint}
    >
      {children}
    </Form.Item>
  );
}
