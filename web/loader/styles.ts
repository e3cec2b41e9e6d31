// The launcher's and the panel's look. Lives in a shadow root, so that it neither takes nor gives rules to the page.
/** Where the panel fills the screen: phones, upright and lying. */
export const small = '(max-width:479px),(max-height:479px)';

export const styles = `
:host{all:initial;position:fixed;z-index:2147483000;inset-block-end:24px;inset-inline-end:24px}
[hidden]{display:none!important}
button{all:unset;box-sizing:border-box;position:relative;display:grid;place-items:center;width:60px;height:60px;border-radius:50%;background:#0363ad;color:#fff;cursor:pointer;box-shadow:0 4px 16px rgb(23 32 46/.28)}
button:hover{background:#02528f}
button:focus-visible{outline:2px solid #17202e;outline-offset:0;box-shadow:0 0 0 4px #ffd23f}
svg{width:28px;height:28px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
[aria-expanded=true] .speech,[aria-expanded=false] .fold{display:none}
span{position:absolute;inset-block-start:-4px;inset-inline-end:-4px;min-width:22px;height:22px;box-sizing:border-box;padding:0 6px;border-radius:11px;background:#b3261e;color:#fff;font:600 13px/22px system-ui,sans-serif;text-align:center}
iframe{position:fixed;inset-block-end:100px;inset-inline-end:24px;width:380px;height:600px;max-height:calc(100dvh - 124px);border:1px solid #d8dee6;border-radius:12px;background:#fff;color-scheme:light dark;box-shadow:0 12px 40px rgb(23 32 46/.18)}
@media ${small}{:host{inset-block-end:16px;inset-inline-end:16px}[aria-expanded=true]{display:none}iframe{inset:0;width:100%;height:100%;max-height:none;border:0;border-radius:0}}
@media (prefers-color-scheme:dark){iframe{background:#10151c;border-color:#2c3746}}
@media (forced-colors:active){button{border:2px solid ButtonText}}
`;
