/**
 * Name stems in many scripts, each with what has broken software before: right-to-left text, no spaces, letters whose case
 * changes with the language, letters beyond 16 bits, several code points shown as one. Combining marks are written as
 * escapes, because editors would compose them.
 */
export const stems = [
  'invoice',
  'Quarterly report (final) v2',
  'Rechnung Größe Übergröße',
  'facture n° 12 – reçue',
  'cafe\u0301 decompose\u0301',
  'Ýmsar skrár',
  'İstanbul ıssız ışık',
  'Ελληνικά τιμολόγια',
  'Счёт за февраль',
  'Ћирилица љубав',
  'תלוש משכורת',
  'فاتورة رقم ٤٢',
  'گزارش سالانه',
  'ใบแจ้งหนี้ประจำเดือน',
  'चालान संख्या १२',
  'தமிழ் கோப்பு',
  'বাংলা নথি',
  'ကြေညာချက်',
  'ქართული ფაილი',
  'Հայերեն ֆայլ',
  'ደረሰኝ',
  '请款单 二月',
  '請求書（控え）',
  '한국어 청구서',
  '\u1112\u1161\u11ab\u1100\u1173\u11af',
  '𠮷野家の領収書',
  '📎 photo 👩‍👩‍👧‍👦 🏳️‍🌈',
  'Z\u0351\u0301\u0338a\u0321l\u0334\u0317g\u0338\u0353o\u0357',
  'mixed שלום hello مرحبا',
] as const;

/** Names that a router must take as they are: shells, markup, globs and old file systems give them a meaning, we do not. */
export const awkwardNames = [
  '.htaccess',
  '-rf.txt',
  'CON.txt',
  '$(shutdown).pdf',
  '`id`.csv',
  "'; DROP TABLE files;--.csv",
  '<img src=x onerror=alert(1)>.html',
  '{{constructor}}.md',
  '=HYPERLINK("x").csv',
  '100%.txt',
  '%2e%2e%2fpasswd.txt',
  'a&b=c?d#e;f.txt',
  '*.{png,jpg}',
  '[a-z]!(x)+(y).log',
  'trailing dots...',
  '"quoted", and commas.csv',
  '😀',
  '__proto__',
  'null',
] as const;

export interface Kind {
  extension: string;
  contentType: string | undefined;
}

/** Extensions with their types; some contradict each other, as they do in life. */
export const kinds: readonly Kind[] = [
  { extension: '.pdf', contentType: 'application/pdf' },
  { extension: '.PDF', contentType: 'Application/PDF' },
  { extension: '.csv', contentType: 'text/csv; charset=utf-8' },
  { extension: '.json', contentType: 'application/json' },
  { extension: '.txt', contentType: 'text/plain;charset="iso-8859-8"' },
  { extension: '.xml', contentType: 'application/xml' },
  { extension: '.html', contentType: 'text/html' },
  { extension: '.docx', contentType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document' },
  { extension: '.eml', contentType: 'message/rfc822' },
  { extension: '.png', contentType: 'image/png' },
  { extension: '.jpg', contentType: 'image/jpeg' },
  { extension: '.svg', contentType: 'image/svg+xml' },
  { extension: '.JPEG', contentType: 'application/octet-stream' },
  { extension: '', contentType: 'image/heic' },
  { extension: '.zip', contentType: 'application/zip' },
  { extension: '.tar.gz', contentType: 'application/gzip' },
  { extension: '.form', contentType: 'application/x-www-form-urlencoded' },
  { extension: '', contentType: undefined },
];

/** No rule of the sample sends these anywhere: they end in the dead-letter queue. */
export const unroutedExtensions = ['.tmp', '.bak', '.lock'] as const;
