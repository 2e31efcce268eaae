#include "broadcaster/net/mail.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <ctime>
#include <memory>
#include <span>

#include "broadcaster/base/digest.hpp"

namespace broadcaster::net {
namespace {

std::string base64_of(std::string_view text) {
  return base::base64(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

/// RFC 2047: an encoded word has 75 characters at most, and no character of UTF-8 is cut in two.
std::string encoded_words(std::string_view text) {
  constexpr std::size_t most = 45;
  std::string out;
  while (!text.empty()) {
    auto n = std::min(most, text.size());
    while (n > 1 && n < text.size() && (static_cast<unsigned char>(text[n]) & 0xc0) == 0x80) --n;
    out += (out.empty() ? "=?utf-8?B?" : "\r\n =?utf-8?B?") + base64_of(text.substr(0, n)) + "?=";
    text.remove_prefix(n);
  }
  return out;
}

std::string in_lines(std::string_view base64) {
  constexpr std::size_t most = 76;
  std::string out;
  for (std::size_t at = 0; at < base64.size(); at += most) out += std::string(base64.substr(at, most)) + "\r\n";
  return out;
}

/// RFC 5322 §3.3, in English whatever the machine speaks.
std::string date_of(base::WallTime now) {
  constexpr std::array days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  std::tm t{};
  ::gmtime_r(&seconds, &t);
  return fmt::format("{}, {} {} {} {:02}:{:02}:{:02} +0000", days[static_cast<std::size_t>(t.tm_wday)], t.tm_mday,
                     months[static_cast<std::size_t>(t.tm_mon)], t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

std::string_view host_of(std::string_view url) {
  const auto slashes = url.find("://");
  auto rest = slashes == std::string_view::npos ? url : url.substr(slashes + 3);
  if (rest.starts_with('[')) return rest.substr(1, rest.find(']') - 1);
  return rest.substr(0, rest.find_first_of(":/"));
}

bool stays_here(std::string_view url) {
  const auto host = host_of(url);
  return host == "127.0.0.1" || host == "::1" || host == "localhost";
}

struct Reading {
  std::string_view left;
};

std::size_t give(char* into, std::size_t size, std::size_t count, void* self) {
  auto& reading = *static_cast<Reading*>(self);
  const auto n = std::min(size * count, reading.left.size());
  std::memcpy(into, reading.left.data(), n);
  reading.left.remove_prefix(n);
  return n;
}

struct FreeEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

void set_limits(CURL* easy, const Mail& mail) {
  curl_easy_setopt(easy, CURLOPT_URL, mail.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(mail.connect_timeout.count()));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(mail.timeout.count()));
  curl_easy_setopt(easy, CURLOPT_USE_SSL, static_cast<long>(stays_here(mail.url) ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  if (!mail.username.empty()) {
    curl_easy_setopt(easy, CURLOPT_USERNAME, mail.username.c_str());
    curl_easy_setopt(easy, CURLOPT_PASSWORD, mail.password.c_str());
  }
  if (mail.ca_file.empty()) return;
  curl_easy_setopt(easy, CURLOPT_CAINFO, mail.ca_file.c_str());
  curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
}

}  // namespace

bool is_mail_address(std::string_view text) {
  const auto at = text.find('@');
  if (at == std::string_view::npos || at == 0 || at + 1 == text.size()) return false;
  return text.size() <= 254 && text.find('@', at + 1) == std::string_view::npos &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < 127 && c != '<' && c != '>' && c != ','; });
}

std::string mail_text(const Mail& mail, base::WallTime now, const std::string& id) {
  return fmt::format(
      "Date: {}\r\nMessage-ID: <{}@{}>\r\nFrom: <{}>\r\nTo: <{}>\r\nSubject: {}\r\nMIME-Version: 1.0\r\n"
      "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\nImportance: high\r\n"
      "Auto-Submitted: auto-generated\r\n\r\n{}",
      date_of(now), id, mail.from.substr(mail.from.find('@') + 1), mail.from, mail.to, encoded_words(mail.subject),
      in_lines(base64_of(mail.body)));
}

std::expected<void, std::string> send_mail(const Mail& mail, base::WallTime now) {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (started != CURLE_OK) return std::unexpected(curl_easy_strerror(started));
  if (!is_mail_address(mail.from) || !is_mail_address(mail.to)) return std::unexpected("no mail address");
  const std::unique_ptr<CURL, FreeEasy> easy(curl_easy_init());
  const std::unique_ptr<curl_slist, FreeList> to(curl_slist_append(nullptr, ("<" + mail.to + ">").c_str()));
  if (!easy || !to) return std::unexpected("no memory");
  const auto text = mail_text(mail, now, base::random_uuid());
  const auto from = "<" + mail.from + ">";
  Reading reading{text};
  set_limits(easy.get(), mail);
  curl_easy_setopt(easy.get(), CURLOPT_MAIL_FROM, from.c_str());
  curl_easy_setopt(easy.get(), CURLOPT_MAIL_RCPT, to.get());
  curl_easy_setopt(easy.get(), CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(easy.get(), CURLOPT_READFUNCTION, &give);
  curl_easy_setopt(easy.get(), CURLOPT_READDATA, &reading);
  curl_easy_setopt(easy.get(), CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(text.size()));
  const auto code = curl_easy_perform(easy.get());
  if (code == CURLE_OK) return {};
  long said = 0;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &said);
  return std::unexpected(fmt::format("{} (curl {}, SMTP {})", curl_easy_strerror(code), static_cast<int>(code), said));
}

}  // namespace broadcaster::net
