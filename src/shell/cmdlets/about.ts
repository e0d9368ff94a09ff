import { methodsTold } from "../run/methods.ts";

/** What `Get-Help about_…` tells beside the help of commands. */
export interface Topic {
  name: string;
  synopsis: string;
  lines: readonly string[];
  /** Lines that can be typed, and what they do. */
  examples: readonly { line: string; does: string }[];
}

/** The language and the lab, told to whoever sits before the shell. Ours: docs/adr/0013-shell-language.md says why it is no more. */
export const topics: readonly Topic[] = [
  {
    name: "about_Lab",
    synopsis: "Where a line runs, and how one gets about in a lab.",
    lines: [
      "The prompt names the server that cmdlets run on. Each server has its own certificate store, queues and logs;",
      "a Hub reads Active Directory, an Edge server its own ADAM. Time is the lab's: it runs, or is moved.",
    ],
    examples: [
      { line: "Get-TransportServer", does: "Shows the servers that this one knows." },
      { line: "Enter-PSSession Ex2007SE", does: "Goes to another server." },
      { line: "Get-LabClock; Set-LabClock -By 30d", does: "Shows lab time, then lets thirty days pass." },
      { line: "Get-EventLog Application -Newest 10", does: "Shows what the server has noticed." },
    ],
  },
  {
    name: "about_Language",
    synopsis: "What of PowerShell is spoken here, and what is not.",
    lines: [
      "Spoken: pipelines, variables, properties, methods of dates and texts, places and ranges, operators, blocks of",
      "Where-Object and ForEach-Object, calculated properties, texts that look things up, here-strings, comments.",
      "Not spoken: if, foreach ( ), while, switch, function, try; > and <; &; types but those of about_Operators;",
      "hash tables but as calculated properties. A refusal says what to write instead.",
      "Nothing of a line runs unless all of it can be read.",
    ],
    examples: [
      {
        line: "Get-ExchangeCertificate | Where-Object { $_.NotAfter -lt (Get-Date).AddDays(30) }",
        does: "Shows the certificates that expire within thirty days.",
      },
      {
        line: "Get-ExchangeCertificate | Select-Object Subject, @{ Name = 'Days'; Expression = { ($_.NotAfter - (Get-Date)).Days } }",
        does: "Shows how many days each has left.",
      },
      {
        line: 'Get-Queue | ForEach-Object { "$($_.Identity) holds $($_.MessageCount)" }',
        does: "Makes a text of each queue.",
      },
    ],
  },
  {
    name: "about_Methods",
    synopsis: "The methods that values have, and how many values each is given.",
    lines: [
      `Dates: ${methodsTold(new Date(0))}`,
      `Texts: ${methodsTold("")}`,
      `Whatever else: ${methodsTold(0)}`,
      "ToString of a date or a number takes one of .NET's formats: 'yyyy-MM-dd', 'N2', 'D4', 'P0'.",
    ],
    examples: [
      { line: "(Get-Date).AddDays(30).ToString('yyyy-MM-dd')", does: "Shows the day in thirty days." },
      { line: "'a.example, b.example'.Split(', ')", does: "Cuts a text at each comma and blank." },
    ],
  },
  {
    name: "about_Operators",
    synopsis: "The operators, those that bind most last.",
    lines: [
      "-and -or -xor -not !          both, one, one but not both, not",
      "-eq -ne -gt -ge -lt -le       equal, not, greater, less; a list on the left keeps those that fit",
      "-like -notlike                * any characters, ? one, [a-c] one of several",
      "-match -notmatch -replace     regular expressions; $1 is what the first brackets caught",
      "-contains -notcontains        whether a list holds a value",
      "-join -split                  texts to one text, and back",
      "+ -                           numbers, texts, lists; date - date is a time span",
      "* / %                         numbers; 'ab' * 3",
      "-f                            '{0} has {1:N2}' -f 'x', 5",
      "..                            1..3 is 1,2,3",
      "[string] [int] [long] [double] [bool] [datetime] [timespan]   make a value another kind",
      "Case makes no difference; it does with c before the name: -ceq, -clike, -cmatch, -creplace, -csplit.",
    ],
    examples: [
      { line: "(Get-ExchangeCertificate | ForEach-Object { $_.Thumbprint }) -join ','", does: "Joins thumbprints." },
      { line: "Get-ExchangeCertificate | Where-Object { $_.Services -match 'SMTP' }", does: "Compares a text." },
      { line: "'{0:yyyy-MM-dd}: {1} queues' -f (Get-Date), (Get-Queue).Count", does: "Fills in a text." },
      { line: "[datetime]'2008-06-01' - (Get-Date)", does: "Shows how long it is until a day." },
    ],
  },
];
