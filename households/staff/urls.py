from django.urls import path

from households.staff import account_views, contact_views, views

app_name = "staff"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("password/", views.password_change, name="password-change"),
    path("contact/", contact_views.contact, name="contact"),
    path("accounts/", account_views.account_list, name="accounts"),
    path("accounts/add/", account_views.account_add, name="account-add"),
    path("accounts/upload/", account_views.accounts_upload, name="accounts-upload"),
    path("accounts/create/", account_views.accounts_create, name="accounts-create"),
    path("accounts/<int:pk>/", account_views.account_detail, name="account"),
    path("accounts/<int:pk>/postings/add/", account_views.posting_add, name="posting-add"),
    path("accounts/<int:pk>/postings/<int:posting_pk>/end/", account_views.posting_end, name="posting-end"),
    path("accounts/<int:pk>/first-password/", account_views.first_password, name="first-password"),
    path("accounts/<int:pk>/close/", account_views.account_close, name="account-close"),
    path("accounts/<int:pk>/open/", account_views.account_open, name="account-open"),
]
