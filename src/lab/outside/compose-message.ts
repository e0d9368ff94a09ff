import MailComposer from "nodemailer/lib/mail-composer";

/** A plain message as a mail program hands it to its server. */
export interface PlainMessage {
  from: { name: string; address: string };
  to: readonly string[];
  subject: string;
  text: string;
  internetMessageId: string;
  at: Date;
  /** The content is padded to at least this size. */
  sizeBytes: number;
}

/** The message as MIME, CRLF line ends; names and subjects outside ASCII are encoded. */
export function composeMessage(message: PlainMessage): Promise<Buffer> {
  const padding = "This line pads the message to the size that was asked for.\r\n";
  const lines = Math.ceil(Math.max(0, message.sizeBytes - message.text.length - 600) / padding.length);
  const composer = new MailComposer({
    from: message.from,
    to: [...message.to],
    subject: message.subject,
    text: `${message.text}\r\n${padding.repeat(lines)}`,
    messageId: message.internetMessageId,
    date: message.at,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}
