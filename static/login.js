// Log-in with a passkey: asks the browser for one and posts what it signed.
{
  const button = doc.getElementById('passkey_login'), note = doc.getElementById('passkey_note');
  if (button && window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
    button.hidden = false;
    button.addEventListener('click', async () => {
      const { form } = button;
      try {
        const answer = await fetch(form.action, { headers: { Accept: 'application/json' } });
        const { request_options: { publicKey } } = await answer.json();
        const options = PublicKeyCredential.parseRequestOptionsFromJSON(publicKey);
        form.elements.credential.value = JSON.stringify(await navigator.credentials.get({ publicKey: options }));
        form.submit();
      } catch {
        note.hidden = false;
      }
    });
  }
  // The tick "shared computer" counts for every way in.
  const tick = doc.querySelector('[type=checkbox][name=shared_computer]');
  const copyTick = () => {
    for (const copy of doc.querySelectorAll('[type=hidden][name=shared_computer]')) copy.value = tick.checked ? 'on' : '';
  };
  if (tick) {
    on('change', copyTick);
    copyTick();
  }
}
