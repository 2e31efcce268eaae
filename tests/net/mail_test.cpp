// Mail that wakes: what is handed to a real SMTP conversation, and what is said when nobody takes it.
#include "broadcaster/net/mail.hpp"

#include <gtest/gtest.h>

#include "broadcaster/base/digest.hpp"
#include "tests/support/pager_peers.hpp"

namespace broadcaster::net {
namespace {

base::WallTime night() { return base::parse_utc("2026-11-24T02:15:00.000Z").value(); }

Mail mail(std::string url) {
  return {.url = std::move(url),
          .username = {},
          .password = {},
          .from = "pages@bpbd.example",
          .to = "bayu@bpbd.example",
          .subject = "BPBD: panggilan P1 – tsunami",
          .body = "Sirene ditutup.\r\n",
          .ca_file = {}};
}

TEST(Mail, AServerIsGivenOneWholeMailForOnePerson) {
  SmtpPeer peer;
  const auto sent = send_mail(mail(peer.url()), night());
  ASSERT_TRUE(sent) << sent.error();
  ASSERT_EQ(peer.got().size(), 1u);
  const auto text = peer.got().front();
  EXPECT_TRUE(text.starts_with("MAIL FROM:<pages@bpbd.example>")) << text;
  EXPECT_NE(text.find("RCPT TO:<bayu@bpbd.example>"), std::string::npos) << text;
  EXPECT_NE(text.find("Date: Tue, 24 Nov 2026 02:15:00 +0000\r\n"), std::string::npos) << text;
  EXPECT_NE(text.find("Content-Transfer-Encoding: base64\r\n"), std::string::npos) << text;
}

TEST(Mail, ARecipientThatIsRefusedIsSaidWithTheServersCodeAndWithoutTheAddress) {
  SmtpPeer peer(SmtpPeer::Taking::nobody);
  const auto sent = send_mail(mail(peer.url()), night());
  ASSERT_FALSE(sent);
  EXPECT_NE(sent.error().find("550"), std::string::npos) << sent.error();
  EXPECT_EQ(sent.error().find("bayu"), std::string::npos) << sent.error();
  EXPECT_TRUE(peer.got().empty());
}

TEST(Mail, NobodyListens) {
  EXPECT_FALSE(send_mail(mail("smtp://127.0.0.1:" + std::to_string(closed_port())), night()));
}

TEST(Mail, ALineEndInAnAddressSendsNothing) {
  SmtpPeer peer;
  auto bad = mail(peer.url());
  bad.to = "bayu@bpbd.example\r\nBcc: all@bpbd.example";
  EXPECT_FALSE(send_mail(bad, night()));
  EXPECT_TRUE(peer.got().empty());
}

TEST(Mail, ALongSubjectIsCutBetweenCharacters) {
  auto long_one = mail("smtp://127.0.0.1:25");
  long_one.subject.clear();
  for (int i = 0; i < 40; ++i) long_one.subject += "–";
  const auto text = mail_text(long_one, night(), "id");
  std::string subject;
  std::size_t at = text.find("Subject: ");
  const auto end = text.find("\r\nMIME", at);
  while ((at = text.find("=?utf-8?B?", at)) < end) {
    const auto close = text.find("?=", at);
    EXPECT_LE(close + 2 - at, 75u);
    const auto bytes = base::from_base64(text.substr(at + 10, close - at - 10));
    ASSERT_TRUE(bytes);
    EXPECT_EQ(bytes->size() % 3, 0u) << "a dash has three bytes";
    subject.append(bytes->begin(), bytes->end());
    at = close;
  }
  EXPECT_EQ(subject, long_one.subject);
}

TEST(Mail, AddressesAreOnePlainWordAtAnother) {
  EXPECT_TRUE(is_mail_address("a@b"));
  for (const auto* bad : {"", "@b", "a@", "a b@c", "a@b@c", "a@b,c@d", "<a@b>", "ä@b", "a@b\n"})
    EXPECT_FALSE(is_mail_address(bad)) << bad;
}

}  // namespace
}  // namespace broadcaster::net
