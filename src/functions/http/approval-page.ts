/** The page behind an approval link: says what is asked and has one button. All values are escaped. */

export interface ApprovalQuestion {
  readonly approvalId: string;
  readonly token: string;
  readonly answer: 'approve' | 'decline';
}

export function approvalPage(question: ApprovalQuestion): string {
  const verb = question.answer === 'approve' ? 'Approve' : 'Decline';
  const id = escapeHtml(question.approvalId);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${verb} ${id}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem}input{width:100%;padding:.5rem;margin:.5rem 0 1rem;box-sizing:border-box}button{padding:.6rem 1.4rem;font-size:1rem}</style></head>
<body><h1>${verb} this step?</h1><p>Approval <strong>${id}</strong>. Nothing happens until you press the button.</p>
<form method="post"><input type="hidden" name="token" value="${escapeHtml(question.token)}"><input type="hidden" name="answer" value="${question.answer}">
<label>Reason<input name="reason" required maxlength="1000"></label><button type="submit">${verb}</button></form></body></html>`;
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
