export type EventLevel = "Error" | "Warning" | "Information";

/** What the Application log says about an event of one id. */
interface ApplicationEventText {
  source: EventSource;
  level: EventLevel;
  category: EventCategory;
  /** %1, %2, … stand for the event's parameters, in order. */
  text: string;
}

type EventSource = "MSExchangeTransport" | "MSExchange EdgeSync" | "MSExchange Message Security";
type EventCategory =
  "Routing" | "SmtpReceive" | "SmtpSend" | "TransportService" | "MessageSecurity" | "Synchronization" | "Credentials";

const event = (level: EventLevel, category: EventCategory, ...sentences: string[]): ApplicationEventText => ({
  source: category === "Synchronization" ? "MSExchange EdgeSync" : "MSExchangeTransport",
  level,
  category,
  text: sentences.join(" "),
});

/**
 * The events a lab can raise, by id: the first sentence in Exchange's words, what it goes on to advise in ours.
 *
 * Source: the 2010 event reference, [ff983902] 1010, [hh994900] 1012, [ff981907] 1035, [ff980980] 1036, [ff981647]
 * 2002, [ff982694] 2015, [ff981963] 2018, [ff980754] 5006, [ff982668] 5007, [ff984391] 12012, [ff985435] 12013, [ff981561] 12015,
 * [ff983405] 12016, [ff985092] 12017, [ff982351] 12018, [ff980723] 12019, [ff985467] 10104, [ff360303] 1004, [ff359978]
 * 1006, [ff982887] 11012, [ff983493] 11015; 2007's own [bb218300] for 1021, [bb430748] for 12014, [bb217963] for 12017.
 * Inferred: 2017 and the words of 1021 from published captures; 1024 by its number and effect; 11011, 11013, 11014, 11016
 * and 11017 as the neighbours of those two (docs/fidelity.md#domain-security). Levels where editions disagree:
 * docs/formats.md#application-log.
 */
export const applicationEvents: Readonly<Record<number, ApplicationEventText>> = {
  1004: event(
    "Warning",
    "Synchronization",
    "The next credentials of a replication account for %1 could not be confirmed: %2.",
    "Those in use go on until they expire; check that EdgeSync runs.",
  ),
  1006: {
    source: "MSExchange Message Security",
    level: "Error",
    category: "Credentials",
    text:
      "The replication account %1 could not be made or renewed: %2. " +
      "If this goes on, subscribe this Edge Transport server again.",
  },
  1010: event("Error", "SmtpReceive", "Receive connector %1 rejected a message at SMTP end of data with %2."),
  1012: event(
    "Warning",
    "SmtpReceive",
    "Receive connector %1: Authentication failures have exceeded the maximum of %2 for the connection from %3.",
    "Disconnecting.",
  ),
  1021: event(
    "Warning",
    "SmtpReceive",
    "Receive connector %1 rejected an incoming connection from IP address %2.",
    "The maximum number of connections per source (%3) for this connector has been reached by this source IP address.",
  ),
  1024: event(
    "Error",
    "Synchronization",
    "EdgeSync could not connect to %1: %2.",
    "Check its name, its port, its certificate and the replication account.",
  ),
  1035: event(
    "Warning",
    "SmtpReceive",
    "Inbound authentication failed with error %1 for Receive connector %2. The authentication mechanism is %3.",
    "The source IP address of the client who tried to authenticate to Microsoft Exchange is [%4].",
  ),
  1036: event(
    "Error",
    "SmtpReceive",
    "Inbound direct trust authentication failed for certificate %1.",
    "The source IP address of the server that tried to authenticate to Microsoft Exchange is [%2].",
    "Make sure EdgeSync is running properly.",
  ),
  2002: event("Warning", "SmtpSend", "Send connector %1: an error occurred while connecting to %2."),
  2015: event(
    "Error",
    "SmtpSend",
    "Send connector %1 couldn't connect to remote domain %2.",
    "It requires TLS, and none could be established: compare its settings with what %3 answers to EHLO.",
  ),
  2017: event(
    "Error",
    "SmtpSend",
    "Outbound authentication failed with error %1 for Send connector %2.",
    "The authentication mechanism is %3. The target is %4.",
  ),
  2018: event(
    "Error",
    "SmtpSend",
    "Outbound direct trust authentication failed for certificate %1.",
    "The target IP address of the Exchange server that Microsoft Exchange tried to authenticate to is [%2].",
    "Make sure EdgeSync is running properly.",
  ),
  10104: event(
    "Warning",
    "Synchronization",
    "Microsoft Exchange couldn't match certificate when contacting %1.",
    "The connection was stopped.",
  ),
  5006: event(
    "Error",
    "Routing",
    "Cannot find route to Mailbox Server %1.",
    "Messages for its mailboxes wait in the Unreachable queue until the configuration changes.",
  ),
  5007: event(
    "Error",
    "Routing",
    "The topology doesn't contain a route to Active Directory site %1 in routing tables with the timestamp %2.",
    "Messages for it wait in the Unreachable queue: check that a site link names it and that it has a Hub Transport server.",
  ),
  11011: event(
    "Error",
    "MessageSecurity",
    "A message from domain-secured domain '%1' was refused on connector '%2', on which Domain Security is not enabled.",
    "Enable it there, or remove the domain from TLSReceiveDomainSecureList.",
  ),
  11012: event(
    "Error",
    "MessageSecurity",
    "A message from domain-secured domain '%1' on connector '%2' could not be authenticated because the server did not use Transport Layer Security (TLS).",
    "Tell the administrator of that domain, or remove it from TLSReceiveDomainSecureList.",
  ),
  11013: event(
    "Error",
    "MessageSecurity",
    "A message from domain-secured domain '%1' on connector '%2' failed to authenticate because no Transport Layer Security (TLS) certificate was supplied.",
    "Tell the administrator of that domain, or remove it from TLSReceiveDomainSecureList.",
  ),
  11014: event(
    "Error",
    "MessageSecurity",
    "A message from domain-secured domain '%1' on connector '%2' failed to authenticate because validation of the Transport Layer Security (TLS) certificate failed with status '%3'.",
    "Tell the administrator of that domain, or remove it from TLSReceiveDomainSecureList.",
  ),
  11015: event(
    "Error",
    "MessageSecurity",
    "A message from domain-secured domain '%1' on connector '%2' failed to authenticate because the Transport Layer Security (TLS) certificate does not contain the domain name.",
    "Tell the administrator of that domain, or remove it from TLSReceiveDomainSecureList.",
  ),
  11016: event(
    "Error",
    "MessageSecurity",
    "A secure connection to domain-secured domain '%1' on connector '%2' could not be established because Transport Layer Security (TLS) was not offered.",
    "Tell the administrator of that domain, or remove it from TLSSendDomainSecureList.",
  ),
  11017: event(
    "Error",
    "MessageSecurity",
    "A secure connection to domain-secured domain '%1' on connector '%2' could not be established because the validation of its Transport Layer Security (TLS) certificate failed with status '%3'.",
    "Tell the administrator of that domain, or remove it from TLSSendDomainSecureList.",
  ),
  12012: event(
    "Error",
    "TransportService",
    "The internal transport certificate that is used for SMTP authentication could not be read from Active Directory.",
    "It may be missing there: run Enable-ExchangeCertificate for a certificate with this server's FQDN, or make one with New-ExchangeCertificate.",
  ),
  12013: event(
    "Error",
    "TransportService",
    "Microsoft Exchange could not load the certificate with thumbprint of %1 from the personal store on the local computer.",
    "Other Exchange servers expect it of this one, so mail to them may stop. Run Enable-ExchangeCertificate %1 -Services SMTP if it is still in the store;",
    "otherwise import it from a copy, or make a new one for this server's FQDN with New-ExchangeCertificate.",
  ),
  12014: event(
    "Error",
    "TransportService",
    "Microsoft Exchange could not find a certificate that contains the domain name %1 in the personal store on the local computer.",
    "Connector %2, whose FQDN is %3, cannot offer the STARTTLS verb for that name. If a certificate with it is there, run",
    "Enable-ExchangeCertificate -Services SMTP so that the transport service may use it.",
  ),
  12015: event("Warning", "TransportService", "An internal transport certificate expired. Thumbprint:%1"),
  12016: event(
    "Error",
    "TransportService",
    "There is no valid SMTP Transport Layer Security (TLS) certificate for the FQDN of %1.",
    "The one there is has expired: make a new one with New-ExchangeCertificate soon.",
  ),
  12017: event(
    "Warning",
    "TransportService",
    "An internal transport certificate will expire soon. Thumbprint:%1, hours remaining: %2",
  ),
  12018: event(
    "Warning",
    "TransportService",
    "The STARTTLS certificate will expire soon: subject: %1, thumbprint: %2, hours remaining: %3.",
    "Run the New-ExchangeCertificate cmdlet to create a new certificate.",
  ),
  12019: event(
    "Information",
    "TransportService",
    "The remote internal transport certificate expired. Certificate subject: %1.",
  ),
};

/** Levels that differ from those of the table, by id. */
export type EventLevels = Readonly<Partial<Record<number, EventLevel>>>;

/** An event of that id as people read it. An id that is not listed is said to be so, as Windows does. */
export function describeEvent(
  id: number,
  parameters: readonly string[],
  levels: EventLevels = {},
): ApplicationEventText {
  const known = applicationEvents[id];
  if (!known) {
    const text = `No description of event ${id} is known. With it came: ${parameters.join(", ")}`;
    return { source: "MSExchangeTransport", level: "Information", category: "TransportService", text };
  }
  const level = levels[id] ?? known.level;
  return { ...known, level, text: known.text.replace(/%(\d)/g, (_, place) => parameters[Number(place) - 1] ?? "?") };
}
