// Buttons by what they say, where nobody's rules know them: what people read on the dialogs of their
// languages. A guess, and told as one; it counts only if the answer is read back (answer.ts).

import { within, type Act, type Step } from './types.ts';
import type { Visit } from './visit.ts';

/** Language: what says yes to everything, what says no to everything, what leads back to the question. */
export const TEXTS: Record<string, [yes: string, no: string, back: string]> = {
  English: ['accept all|accept all cookies|allow all|allow all cookies|accept|accept cookies|agree|i agree|i accept|allow cookies|yes, i agree|got it', 'reject all|reject all cookies|decline all|deny all|refuse all|reject|reject cookies|decline|deny|refuse|only necessary|necessary only|only essential|essential only|use necessary cookies only|accept only necessary|continue without accepting|disagree|i disagree|no, thanks|no thanks', 'cookie settings|cookie preferences|privacy settings|manage cookies|consent preferences|your privacy choices|change consent|manage consent|privacy preferences'],
  German: ['alle akzeptieren|alle cookies akzeptieren|alle annehmen|alles akzeptieren|allen zustimmen|alle zulassen|alle erlauben|akzeptieren|zustimmen|annehmen|einverstanden|ich stimme zu', 'alle ablehnen|alles ablehnen|ablehnen|nur notwendige|nur notwendige cookies|nur erforderliche|nur essenzielle|nur essenzielle cookies akzeptieren|ohne einwilligung fortfahren|verweigern|nicht zustimmen', 'cookie-einstellungen|cookie einstellungen|datenschutz-einstellungen|datenschutzeinstellungen|privatsphäre-einstellungen|einwilligung ändern|cookies verwalten'],
  French: ['tout accepter|accepter tout|accepter tous les cookies|accepter|j’accepte|j\'accepte|accepter et fermer|tout autoriser', 'tout refuser|refuser tout|refuser|refuser tous les cookies|continuer sans accepter|je refuse|tout rejeter|uniquement les cookies nécessaires', 'paramètres des cookies|gérer les cookies|gestion des cookies|préférences cookies|paramétrer les cookies|gérer mes cookies'],
  Spanish: ['aceptar todo|aceptar todas|aceptar todas las cookies|aceptar cookies|aceptar|acepto|permitir todas|aceptar y cerrar', 'rechazar todo|rechazar todas|rechazar todas las cookies|rechazar cookies|rechazar|solo necesarias|solo las necesarias|continuar sin aceptar|denegar', 'configuración de cookies|configurar cookies|preferencias de cookies|gestionar cookies|ajustes de cookies'],
  Italian: ['accetta tutto|accetta tutti|accetta tutti i cookie|accetta|accetto|accetta e chiudi|consenti tutti', 'rifiuta tutto|rifiuta tutti|rifiuta|solo necessari|continua senza accettare|nega|usa solo i cookie necessari', 'impostazioni cookie|preferenze cookie|gestisci cookie|impostazioni dei cookie'],
  Portuguese: ['aceitar todos|aceitar tudo|aceitar todos os cookies|aceitar cookies|aceitar|aceito|permitir todos|concordo', 'rejeitar todos|rejeitar tudo|rejeitar|recusar todos|recusar tudo|recusar|apenas necessários|somente necessários|continuar sem aceitar', 'definições de cookies|configurações de cookies|preferências de cookies|gerir cookies|gerenciar cookies'],
  Dutch: ['alles accepteren|alle cookies accepteren|accepteer alles|alles toestaan|accepteren|accepteer|akkoord|ik ga akkoord', 'alles weigeren|alle cookies weigeren|weigeren|alleen noodzakelijk|alleen noodzakelijke cookies|afwijzen|alles afwijzen|doorgaan zonder accepteren', 'cookie-instellingen|cookie instellingen|cookievoorkeuren|privacy-instellingen|cookies beheren'],
  Swedish: ['acceptera alla|acceptera alla cookies|godkänn alla|tillåt alla|acceptera|godkänn|jag godkänner', 'avvisa alla|neka alla|avböj alla|avvisa|neka|endast nödvändiga|bara nödvändiga', 'cookieinställningar|hantera cookies|inställningar för cookies'],
  Danish: ['accepter alle|tillad alle|acceptér alle|accepter alle cookies|accepter|tillad alle cookies|ok til alle', 'afvis alle|afvis|kun nødvendige|nej tak|afslå alle|fortsæt uden at acceptere', 'cookieindstillinger|administrer cookies|cookie indstillinger'],
  Norwegian: ['godta alle|aksepter alle|tillat alle|godta|aksepter|jeg godtar', 'avvis alle|avslå alle|avvis|kun nødvendige|bare nødvendige', 'innstillinger for informasjonskapsler|cookieinnstillinger|administrer informasjonskapsler'],
  Finnish: ['hyväksy kaikki|hyväksy kaikki evästeet|salli kaikki|hyväksy|hyväksyn', 'hylkää kaikki|estä kaikki|hylkää|vain välttämättömät|kieltäydy', 'evästeasetukset|hallitse evästeitä'],
  Polish: ['zaakceptuj wszystkie|akceptuj wszystkie|zaakceptuj wszystko|akceptuję|akceptuj|zgadzam się|zezwól na wszystkie', 'odrzuć wszystkie|odrzuć wszystko|odrzuć|odmów|tylko niezbędne|nie zgadzam się|kontynuuj bez akceptacji', 'ustawienia plików cookie|ustawienia cookies|zarządzaj plikami cookie|ustawienia prywatności'],
  Czech: ['přijmout vše|povolit vše|přijmout všechny|souhlasím|přijmout|povolit všechny', 'odmítnout vše|odmítnout všechny|odmítnout|pouze nezbytné|jen nezbytné|nesouhlasím', 'nastavení cookies|spravovat cookies'],
  Slovak: ['prijať všetko|prijať všetky|povoliť všetko|súhlasím|prijať', 'odmietnuť všetko|odmietnuť všetky|odmietnuť|iba nevyhnutné|len nevyhnutné', 'nastavenia cookies|nastavenia súborov cookie'],
  Hungarian: ['összes elfogadása|az összes elfogadása|mindet elfogadom|elfogadom|elfogad|elfogadás', 'összes elutasítása|az összes elutasítása|elutasítom|elutasít|elutasítás|csak a szükségesek', 'süti beállítások|cookie beállítások|sütik kezelése'],
  Romanian: ['acceptă toate|acceptă tot|accept toate|sunt de acord|acceptă|accept', 'respinge toate|respinge tot|refuză toate|refuz|respinge|doar necesare', 'setări cookie|setări cookie-uri|preferințe cookie'],
  Bulgarian: ['приемам всички|приеми всички|приемане на всички|приемам|съгласен съм', 'отказвам всички|отхвърли всички|отказ|отхвърляне на всички|само необходимите', 'настройки на бисквитките|управление на бисквитките'],
  Greek: ['αποδοχή όλων|αποδοχή|αποδέχομαι|συμφωνώ|αποδοχή όλων των cookies', 'απόρριψη όλων|απόρριψη|μόνο τα απαραίτητα|δεν αποδέχομαι', 'ρυθμίσεις cookies|διαχείριση cookies|ρυθμίσεις cookie'],
  Croatian: ['prihvati sve|prihvaćam sve|prihvati|prihvaćam|slažem se', 'odbij sve|odbij|samo nužni|samo neophodni', 'postavke kolačića|upravljanje kolačićima'],
  Slovenian: ['sprejmi vse|sprejmi|strinjam se|dovoli vse', 'zavrni vse|zavrni|samo nujni', 'nastavitve piškotkov|upravljanje piškotkov'],
  Estonian: ['nõustu kõigiga|luba kõik|nõustun|nõustun kõigiga', 'keeldu kõigist|keeldu|ainult vajalikud|keeldun', 'küpsiste seaded|küpsiste sätted'],
  Latvian: ['piekrist visām|pieņemt visas|piekrītu|pieņemt|atļaut visas', 'noraidīt visas|noraidīt|tikai nepieciešamās', 'sīkdatņu iestatījumi|pārvaldīt sīkdatnes'],
  Lithuanian: ['sutinku su visais|priimti visus|sutinku|priimti|leisti visus', 'atmesti visus|atmesti|nesutinku|tik būtinieji', 'slapukų nustatymai|tvarkyti slapukus'],
  Irish: ['glac le gach|glac le gach fianán|glacaim', 'diúltaigh do gach|diúltaigh', 'socruithe fianán'],
  Turkish: ['tümünü kabul et|hepsini kabul et|kabul et|kabul ediyorum|tüm çerezleri kabul et', 'tümünü reddet|hepsini reddet|reddet|sadece gerekli|yalnızca gerekli', 'çerez ayarları|çerez tercihleri|çerezleri yönet'],
  Russian: ['принять все|принять всё|принять|согласен|разрешить все|я согласен', 'отклонить все|отклонить всё|отклонить|отказаться|только необходимые', 'настройки файлов cookie|настройки cookie|управление cookie'],
  Ukrainian: ['прийняти всі|прийняти все|прийняти|погоджуюсь|дозволити всі', 'відхилити всі|відхилити все|відхилити|лише необхідні', 'налаштування файлів cookie|налаштування cookie'],
  Japanese: ['すべて同意する|すべて受け入れる|すべて許可|同意する|すべてのcookieを受け入れる|許可する|すべて許可する', 'すべて拒否|すべて拒否する|拒否する|拒否|必要なcookieのみ', 'cookieの設定|クッキー設定|cookie設定'],
  Korean: ['모두 동의|모두 수락|모두 허용|동의|수락|동의함', '모두 거부|거부|거절|필수만 허용', '쿠키 설정|쿠키 관리'],
  Chinese: ['全部接受|接受所有|接受全部|接受所有cookie|同意|接受|全部允許|接受全部cookie', '全部拒绝|全部拒絕|拒绝所有|拒絕所有|拒绝|拒絕|仅必要|僅必要', 'cookie设置|cookie 設定|cookie 设置|隐私设置'],
  Arabic: ['قبول الكل|قبول جميع ملفات تعريف الارتباط|قبول|أوافق|موافق', 'رفض الكل|رفض|الضرورية فقط', 'إعدادات ملفات تعريف الارتباط|إعدادات الخصوصية'],
  Hebrew: ['אישור הכל|קבל הכל|אני מסכים|מאשר הכל', 'דחיית הכל|דחה הכל|דחה|רק הכרחיות', 'הגדרות עוגיות|הגדרות קובצי cookie'],
  Hindi: ['सभी स्वीकार करें|स्वीकार करें|सहमत हूं', 'सभी अस्वीकार करें|अस्वीकार करें', 'कुकी सेटिंग्स'],
  Vietnamese: ['chấp nhận tất cả|chấp nhận|đồng ý|cho phép tất cả', 'từ chối tất cả|từ chối|chỉ cần thiết', 'cài đặt cookie|tùy chọn cookie'],
  Indonesian: ['terima semua|setuju|terima|izinkan semua', 'tolak semua|tolak|hanya yang diperlukan', 'pengaturan cookie|kelola cookie'],
  Thai: ['ยอมรับทั้งหมด|ยอมรับ|ยินยอมทั้งหมด', 'ปฏิเสธทั้งหมด|ปฏิเสธ|เฉพาะที่จำเป็น', 'ตั้งค่าคุกกี้|การตั้งค่าคุกกี้'],
  Catalan: ['accepta-ho tot|acceptar-ho tot|accepta totes|accepto|acceptar', 'rebutja-ho tot|rebutjar-ho tot|rebutja|només necessàries', 'configuració de galetes|preferències de galetes'],
};

/** Letters and numbers alone, in lower case: arrows, ticks and full stops say nothing. */
const plain = (text: string): string => text.toLowerCase().normalize('NFKC').replace(/[^\p{L}\p{M}\p{N}'’, -]+/gu, ' ').replace(/\s+/g, ' ').trim();

const WHAT = { yes: 0, no: 1, back: 2 } as const;

/** Which language has this text for that, and how good it is: the first of a list says most. */
export function means(text: string, what: keyof typeof WHAT): { language: string; rank: number } | undefined {
  const wanted = plain(text);
  if (!wanted || wanted.length > 60) return undefined;
  for (const [language, phrases] of Object.entries(TEXTS)) {
    const rank = phrases[WHAT[what]].split('|').map(plain).indexOf(wanted);
    if (rank >= 0) return { language, rank };
  }
  return undefined;
}

const CLICKABLE = 'button, [role="button"], a, input[type="button"], input[type="submit"], summary';
/** How many are looked at in one frame. */
const MOST = 400;

/** Texts of what can be pressed, and whether it stands in something that speaks of cookies. It runs in the page. */
function collect(elements: Element[], most: number): [string, boolean][] {
  const words = /cookie|consent|privacy|datenschutz|einwilligung|confidentialit|privacidad|privacidade|プライバシー|隐私|個人情報/i;
  return elements.slice(0, most).map((element): [string, boolean] => {
    const text = ((element as HTMLElement).innerText || (element as HTMLInputElement).value || element.getAttribute('aria-label') || '').trim().slice(0, 80);
    const box = element.getBoundingClientRect();
    if (!text || !box.width || !box.height) return ['', false];
    let one: Element | null = element;
    for (let depth = 0; one && depth < 8; depth++) {
      const names = [one.id, one.getAttribute('class'), one.getAttribute('role'), one.getAttribute('aria-label')].join(' ');
      if (/cookie|consent|gdpr|cmp|privacy|dsgvo|dialog/i.test(names)) return [text, true];
      if (depth > 0 && one !== document.body && words.test(((one as HTMLElement).innerText || '').slice(0, 3000))) return [text, true];
      const root: Node = one.getRootNode();
      one = one.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
    }
    return [text, false];
  });
}

/** A button in the page whose text means it, in whatever language. */
async function find(v: Visit, what: keyof typeof WHAT): Promise<{ selector: string; by: string } | undefined> {
  let best: { selector: string; by: string; rank: number } | undefined;
  for (const frame of v.page.frames().slice(0, 20)) {
    const all: unknown = await within(frame.locator(CLICKABLE).evaluateAll(collect, MOST), 5_000, () => new Error('busy')).catch(() => []);
    for (const one of Array.isArray(all) ? all : []) {
      const [text, about] = Array.isArray(one) ? (one as unknown[]) : [];
      if (typeof text != 'string' || (!about && what != 'back')) continue;
      const found = means(text, what);
      if (!found || (best && best.rank <= found.rank)) continue;
      best = { selector: `:is(${CLICKABLE}):text-is(${JSON.stringify(text)}), [aria-label=${JSON.stringify(text)}], input[value=${JSON.stringify(text)}]`, by: `“${text}” (${found.language})`, rank: found.rank };
    }
    if (best) return best;
  }
  return undefined;
}

/** Steps for an answer, by texts; back to the question first where it has been answered. */
export async function findByText(v: Visit, act: Act): Promise<{ steps: Step[]; by: string } | undefined> {
  const what = act == 'yes' || act == 'again' ? 'yes' : 'no';
  const button = await find(v, what);
  if (button) return { steps: [button.selector], by: `the button ${button.by}` };
  if (act == 'yes' || act == 'no') return undefined;
  const back = await find(v, 'back');
  if (!back) return undefined;
  const [link] = v.page.frames().map((frame) => frame.locator(back.selector).first());
  await link?.click({ timeout: 5_000, noWaitAfter: true }).catch(() => {});
  for (const end = Date.now() + 5_000; Date.now() < end; ) {
    const found = await find(v, what);
    if (found) return { steps: [found.selector], by: `${back.by}, then the button ${found.by}` };
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return undefined;
}
