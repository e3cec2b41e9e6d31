/** The acts that the log can be filtered by: every one that either zone writes. */
import type { Zone } from '../types.ts';

export const ACTS: Readonly<Record<Zone, readonly string[]>> = {
  desk: [
    'create_site', 'create_agent', 'login', 'end_session', 'send_invitation', 'give_up_invitation', 'cancel_invitation',
    'reissue_invitation', 'open_invitation', 'view_answers', 'close_conversation', 'transfer_conversation', 'view_history',
    'change_keeping', 'export_data', 'export_answers', 'erase_data', 'confirm_erasing', 'lock_account', 'unlock_account',
    'lock_session', 'unlock_session', 'pass_factor', 'change_password', 'issue_link', 'use_link', 'add_factor',
    'remove_factor', 'reset_factors', 'renew_recovery_codes', 'set_profile', 'rename_agent', 'deactivate_agent',
    'activate_agent', 'disable_idle_agent', 'create_profile', 'change_profile', 'delete_profile', 'change_policy',
    'stop_forms', 'resume_forms', 'create_key', 'revoke_key', 'export_audit', 'acknowledge_alert', 'prune_audit',
    'low_space',
  ],
  vault: [
    'site_set', 'definition_published', 'session_started', 'viewer_enrolled', 'session_ended', 'conversation_closed',
    'invited', 'open_minted', 'reissued', 'asked', 'opened', 'form_loaded', 'submitted', 'declined', 'cancelled', 'expired',
    'granted', 'viewed', 'revealed', 'copied', 'history_granted', 'history_viewed', 'revoked', 'view_closed',
    'off_the_record_gone', 'session_locked', 'session_unlocked', 'rights_changed', 'forms_stopped', 'forms_resumed',
    'factor_added', 'factors_reset', 'confirmed', 'site_key_made', 'site_key_rotated', 'rewrap_started', 'rewrap_finished',
    'site_key_moved', 'site_key_retired', 'keys_unsealed', 'keys_unavailable', 'keys_available', 'erased',
    'conversation_erased', 'export_granted', 'export_opened', 'exported', 'detokenised', 'described', 'api_key_made',
    'api_key_revoked', 'purged', 'audit_pruned', 'low_space',
  ],
};
