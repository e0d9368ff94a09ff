import { writtenOperator, tight } from "./operators.ts";

/*
 * What of PowerShell this shell does not speak, and what to write instead. Ours: docs/adr/0013-shell-language.md.
 */

const filter = "Use Where-Object { … } to pick objects, and ForEach-Object { … } to do something with each";
const noFunctions = "Keep a block in a variable: $name = { $_ … }, then … | ForEach-Object $name";
const toFile = "Nothing is written to files from here: hubedge shell -c '…' > FILE does";
const ends = "A line ends by itself, or at its first error: run the lines one by one";

/** Words that begin a statement. */
export const keywords: Readonly<Record<string, string>> = {
  if: filter,
  else: filter,
  elseif: filter,
  switch: filter,
  foreach: "Pipe the objects: $list | ForEach-Object { $_ … }",
  for: "Pipe a range: 1..10 | ForEach-Object { $_ … }",
  while: "Pipe a range: 1..10 | ForEach-Object { $_ … }; what must be waited for, a scenario expects",
  do: "Pipe a range: 1..10 | ForEach-Object { $_ … }; what must be waited for, a scenario expects",
  until: "Pipe a range: 1..10 | ForEach-Object { $_ … }",
  function: noFunctions,
  filter: noFunctions,
  param: noFunctions,
  try: ends,
  catch: ends,
  trap: ends,
  throw: ends,
  return: ends,
  break: ends,
  continue: ends,
};

/** Words with a dash before them that PowerShell has as operators. */
export const operators: Readonly<Record<string, string>> = {
  in: "-in came with PowerShell 3: write the list first, $list -contains $_.Name",
  notin: "-notin came with PowerShell 3: write the list first, $list -notcontains $_.Name",
  is: "Get-Member tells what an object is",
  isnot: "Get-Member tells what an object is",
  as: `Write the type before the value: ${tight.slice(2).join(", ")}`,
  band: "There are no operators for bits",
  bor: "There are no operators for bits",
  bxor: "There are no operators for bits",
  bnot: "There are no operators for bits",
};

/** Signs where they mean nothing here. */
export const signs: Readonly<Record<string, string>> = {
  ">": toFile,
  "<": "Nothing is read from files from here: hubedge shell < FILE runs what is in one",
  "&": "Write the command's own name, without &; a block runs by ForEach-Object",
  "@": "Write the parameters out: a variable cannot stand for several",
  "=": "Only variables are assigned to: $x = …; == is written -eq",
  ":": "Variables have plain names, and types no members: for [datetime]::Now write (Get-Date)",
};

const fromFile =
  "A file is taken by the -Path of the cmdlet that wants it; Copy-LabFile carries it from server to server";
const disks =
  "Get-ExchangeCertificate shows a server's certificates; what is on its C:\\ lies in a folder that hubedge up names when it starts";
const protocols =
  "POP3 and IMAP4 are not simulated; Enable-ExchangeCertificate -Services POP,IMAP says which certificate they have";
const service = "Servers are stopped and started by the steps of a scenario: stop, kill, start";

/** Commands of PowerShell's, by their names in small letters. */
export const commands: Readonly<Record<string, string>> = {
  "out-file": toFile,
  "set-content": toFile,
  "add-content": toFile,
  "export-csv": toFile,
  "export-clixml": toFile,
  "tee-object": toFile,
  more: "Leave it out: everything is shown at once, and the terminal scrolls",
  "get-content": disks,
  gc: disks,
  cat: disks,
  type: disks,
  notepad: disks,
  "get-childitem": disks,
  gci: disks,
  dir: disks,
  ls: disks,
  "test-path": disks,
  "import-csv": fromFile,
  "copy-item": fromFile,
  copy: fromFile,
  "start-sleep": "Lab time moves by Set-LabClock -By 10m",
  "write-warning": "Write-Host shows text",
  exit: "The shell of a terminal ends by quit; a script ends by itself",
  "get-service": service,
  "start-service": service,
  "stop-service": service,
  "restart-service": service,
  "set-variable": "Write $name = …",
  "remove-variable": "A variable that is no longer needed does no harm",
  "disable-exchangecertificate":
    "Services can be added to a certificate and not taken away: enable another one for them, and Remove-ExchangeCertificate the old one",
  "set-popsettings": protocols,
  "set-imapsettings": protocols,
  "get-popsettings": protocols,
  "get-imapsettings": protocols,
  "get-exchangeserver": "Get-TransportServer shows the servers",
  iisreset: "Nothing needs to be restarted: the next session uses the certificate",
  "invoke-expression": "Write the line itself",
};

/** Types in brackets that are none of those that make a value another kind. */
export const types = `Known are ${tight.slice(2).map(writtenOperator).join(", ")}; a file is taken by its -Path, and (Get-Date) is now`;
