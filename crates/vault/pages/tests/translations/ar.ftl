form-for = إلى <strong>{ $agent }</strong> في { $brand }
form-from = من <strong>{ $agent }</strong> في { $brand }
form-reference = المرجع <strong>{ $reference }</strong>
form-close = إغلاق النموذج
form-footer = لا يُحفظ في المحادثة أي شيء تكتبه هنا.
form-footer-code = ولا يُخزَّن رمز الأمان أبدًا.
form-privacy = الخصوصية
form-contact = اتصل بـ { $brand }
form-safe = <strong>مباشرةً إلى خزنة { $brand }.</strong> لا تستطيع المحادثة رؤية ما تكتبه هنا.
form-minutes-left = { $count ->
    [one] بقيت دقيقة
    [two] بقيت دقيقتان
    [few] بقيت { $shown } دقائق
   *[other] بقيت { $shown } دقيقة
 }
form-show = إظهار
form-hide = إخفاء
form-send = إرسال آمن
form-decline = لا أريد الإجابة
form-problems = { $count ->
    [two] أمران للتصحيح
    [few] { $shown } أمور للتصحيح
   *[other] { $shown } أمر للتصحيح
 }
form-problem-missing = يرجى ملء هذا الحقل.
form-problem-expiry-past = انتهت صلاحية هذه البطاقة.
form-sent = أُرسل إلى { $agent }
viewer-reveal = كشف
viewer-hide = إخفاء
viewer-done = تم
viewer-done-what = يُخفي كل شيء
viewer-gone-in = يختفي خلال { $shown }
viewer-said = تعرضه الخزنة لك وحدك، ويُسجَّل كل كشف.
