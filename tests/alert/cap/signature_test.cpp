// Signatures: made, checked, and every way known to make a good signature cover something else (signature wrapping:
// McIntosh and Austel 2005; Somorovsky et al. 2012).
#include "broadcaster/alert/cap/signature.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>
#include <sstream>

#include "broadcaster/alert/cap/schema.hpp"
#include "broadcaster/alert/cap/write.hpp"
#include "broadcaster/alert/cap/xml.hpp"
#include "tests/alert/cap/documents.hpp"

namespace broadcaster::alert::cap {
namespace {

using alert::testing::Lines;
using testing::whole;
using testing::whole_with;
using testing::with;

/// Keys of openssl, made once for all tests.
class Keys {
 public:
  static const Keys& get() {
    static const Keys keys;
    return keys;
  }
  std::string rsa, rsa_public, certificate, ec, ec_public, other, other_public, weak_public, weak, sealed;
  const std::filesystem::path& folder() const { return folder_; }

 private:
  Keys() {
    char name[] = "/tmp/broadcaster-cap-XXXXXX";
    folder_ = ::mkdtemp(name);
    run("openssl genrsa -out rsa.key 2048");
    run("openssl rsa -in rsa.key -pubout -out rsa.pub");
    run("openssl req -new -x509 -key rsa.key -subj /CN=centre -days 2 -out rsa.crt");
    run("openssl genrsa -out other.key 2048 && openssl rsa -in other.key -pubout -out other.pub");
    run("openssl genrsa -out weak.key 1024 && openssl rsa -in weak.key -pubout -out weak.pub");
    run("openssl ecparam -name prime256v1 -genkey -noout -out ec.key && openssl ec -in ec.key -pubout -out ec.pub");
    run("openssl rsa -in rsa.key -aes256 -passout pass:secret -out sealed.key");
    rsa = read("rsa.key");
    rsa_public = read("rsa.pub");
    certificate = read("rsa.crt");
    other = read("other.key");
    other_public = read("other.pub");
    weak = read("weak.key");
    weak_public = read("weak.pub");
    ec = read("ec.key");
    ec_public = read("ec.pub");
    sealed = read("sealed.key");
  }
  ~Keys() { std::filesystem::remove_all(folder_); }
  void run(const std::string& command) {
    EXPECT_EQ(std::system(("cd " + folder_.string() + " && ( " + command + " ) >>log 2>&1").c_str()), 0) << command;
  }
  std::string read(const std::string& name) const {
    std::ifstream file(folder_ / name);
    std::stringstream out;
    out << file.rdbuf();
    return out.str();
  }
  std::filesystem::path folder_;
};

const std::vector<Pin>& pins() {
  static const std::vector<Pin> all{{"other", Keys::get().other_public}, {"centre", Keys::get().rsa_public}};
  return all;
}

/// The document of a warning centre, signed by it.
const std::string& signed_whole() {
  static const std::string text = with_signature(whole, {Keys::get().rsa, Keys::get().certificate}).value();
  return text;
}

std::string outcome(const std::string& text, std::span<const Pin> by = pins()) {
  const auto result = verified(text, "a.xml", by);
  return result ? "by " + result->signer : result.error().text.id;
}

std::string signature_of(const std::string& text) {
  const auto begin = text.find("<Signature");
  const auto end = text.find("</Signature>") + std::string("</Signature>").size();
  return text.substr(begin, end - begin);
}

std::string without(const std::string& text, const std::string& part) { return with(text, part, ""); }

TEST(Signature, WhatIsSignedIsCheckedByThePinnedKey) {
  const auto result = verified(signed_whole(), "a.xml", pins());
  ASSERT_TRUE(result) << base::Catalogue::of("en").say(result.error());
  EXPECT_EQ(result->signer, "centre");
  const auto read = testing::read_one(result->document);
  EXPECT_EQ(read.alert, testing::read_one(whole).alert);
  EXPECT_EQ(testing::said(read.notes), Lines{});
  EXPECT_EQ(outcome(signed_whole(), std::vector<Pin>{{"crt", Keys::get().certificate}}), "by crt");
  EXPECT_TRUE(is_signed(parse_xml(signed_whole(), "a.xml").value()));
  EXPECT_FALSE(is_signed(parse_xml(whole, "a.xml").value()));
}

TEST(Signature, ASignedDocumentIsStillValidCap) {
  const auto root = parse_xml(signed_whole(), "a.xml");
  ASSERT_TRUE(root);
  EXPECT_TRUE(schema_faults(*root).empty());
  EXPECT_EQ(testing::said(testing::read_one(signed_whole()).notes), Lines{});
}

TEST(Signature, EllipticCurvesToo) {
  const auto text = with_signature(whole, {Keys::get().ec, ""});
  ASSERT_TRUE(text);
  EXPECT_EQ(outcome(*text, std::vector<Pin>{{"ec", Keys::get().ec_public}}), "by ec");
  EXPECT_EQ(outcome(*text), "cap.signature_of_nobody");
}

TEST(Signature, TextsOfEveryKindStayWhatTheyAre) {
  auto alert = testing::read_one(whole).alert;
  alert.infos[0].description = "a < b & c > d ]]> \r\n\t 日本 🌊";
  const auto text = with_signature(write_cap(alert).value(), {Keys::get().rsa, ""});
  const auto result = verified(*text, "a.xml", pins());
  ASSERT_TRUE(result);
  EXPECT_EQ(testing::read_one(result->document).alert, alert);
}

TEST(Signature, LinesCountAsInTheFile) {
  const auto text = with_signature(whole_with("<severity>Extreme", "<severity>Horrible"), {Keys::get().rsa, ""});
  EXPECT_EQ(testing::read_one(verified(*text, "a.xml", pins())->document).notes.list.at(0).line, 20);
}

TEST(Signature, AChangedByteIsSeen) {
  const auto& text = signed_whole();
  EXPECT_EQ(outcome(with(text, "Extreme", "Minor")), "cap.signature_of_nobody");
  EXPECT_EQ(outcome(with(text, "-12.1,100 ", "-12.2,100 ")), "cap.signature_of_nobody");
  EXPECT_EQ(outcome(with(text, "<note>", "<note> ")), "cap.signature_of_nobody");
  // All over the signed part, a byte at a time.
  const auto end = text.find("<Signature");
  for (std::size_t i = text.find("<identifier>"); i < end; i += 37) {
    auto changed = text;
    changed[i] = changed[i] == 'x' ? 'y' : 'x';
    EXPECT_FALSE(outcome(changed).starts_with("by ")) << i;
  }
}

TEST(Signature, OnlyPinnedKeysCount) {
  const auto& text = signed_whole();
  EXPECT_EQ(outcome(text, {}), "cap.signature_of_nobody") << "a certificate inside proves nothing";
  EXPECT_EQ(outcome(text, std::vector<Pin>{{"other", Keys::get().other_public}}), "cap.signature_of_nobody");
  const auto forged = with_signature(whole_with("Extreme", "Minor"), {Keys::get().other, Keys::get().certificate});
  EXPECT_NE(outcome(forged.value_or("none"), std::vector<Pin>{{"centre", Keys::get().rsa_public}}), "by centre");
}

TEST(Signature, WeakKeysAndSecretsAreNoPins) {
  EXPECT_EQ(outcome(signed_whole(), std::vector<Pin>{{"private", Keys::get().rsa}}), "cap.signature_of_nobody");
  EXPECT_FALSE(with_signature(whole, {Keys::get().weak, ""}));
  EXPECT_FALSE(with_signature(whole, {Keys::get().rsa_public, ""}));
  EXPECT_FALSE(with_signature(whole, {Keys::get().sealed, ""})) << "and nobody is asked for its passphrase";
  EXPECT_FALSE(with_signature(whole, {"nothing", ""}));
  EXPECT_TRUE(read_pin(Keys::get().folder() / "rsa.pub"));
  EXPECT_FALSE(read_pin(Keys::get().folder() / "weak.pub"));
  EXPECT_FALSE(read_pin(Keys::get().folder() / "rsa.key"));
  EXPECT_TRUE(read_pins("/nowhere").value().empty());
}

// ── wrapping ──

const std::string evil = [] {
  const auto body = whole.substr(whole.find("<alert"));
  return with(with(body, "Pergi ke tempat tinggi", "Tetap di pantai"), "1124-01", "1124-99");
}();

TEST(Wrapping, TheSignedAlertMovedIntoAnother) {
  // The original sits whole inside an attacker's alert, in a place that a reader by element name passes over.
  const auto original = signed_whole().substr(signed_whole().find("<alert"));
  const auto signature = signature_of(original);
  for (const auto& text : {
           with(evil, "</alert>", "<code>" + original + "</code></alert>"),
           with(evil, "</alert>", original + "</alert>"),
           with(evil, "</alert>", signature + "</alert>"),
           with(evil, "</alert>",
                with(signature, "</Signature>", "<Object>" + without(original, signature) + "</Object></Signature>") +
                    "</alert>"),
       }) {
    const auto found = outcome(text);
    EXPECT_FALSE(found.starts_with("by ")) << found;
  }
}

TEST(Wrapping, AReferenceByIdIsNeverFollowed) {
  const auto original = signed_whole();
  // An Id on the original, a reference to it: the shape alone is refused, whoever signed it.
  for (const auto* uri : {"#original", "#xpointer(/)", "#xpointer(id('original'))", "file:///etc/passwd",
                          "http://127.0.0.1:9/a.xml", "cid:x"})
    EXPECT_EQ(outcome(with(original, "URI=\"\"", "URI=\"" + std::string(uri) + "\"")), "cap.signature_shape") << uri;
  EXPECT_EQ(outcome(with(original, " URI=\"\"", "")), "cap.signature_shape");
}

TEST(Wrapping, TwoOfTheSameIdMakeNoDifference) {
  auto text = with(signed_whole(), "<info>", "<info Id=\"a\">");
  text = with(text, "</info>", "</info><info Id=\"a\"><event>evil</event></info>");
  EXPECT_EQ(outcome(text), "cap.signature_of_nobody");
}

TEST(Wrapping, ASecondAlertBesideTheSignedOne) {
  const auto original = signed_whole().substr(signed_whole().find("<alert"));
  EXPECT_EQ(outcome("<alerts>" + evil + original + "</alerts>"), "cap.signed_root");
  EXPECT_EQ(outcome("<alerts>" + original + evil + "</alerts>"), "cap.signed_root");
  EXPECT_EQ(outcome("<soap><alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"/>" + original + "</soap>"),
            "cap.signed_root");
  EXPECT_FALSE(outcome(original + evil).starts_with("by "));
}

TEST(Wrapping, AnotherRootAroundIsRefused) {
  const auto original = signed_whole().substr(signed_whole().find("<alert"));
  EXPECT_EQ(outcome("<x>" + original + "</x>"), "cap.signed_root");
  EXPECT_EQ(outcome(with(with(original, "<alert", "<notice"), "</alert>", "</notice>")), "cap.signed_root");
}

TEST(Wrapping, TheSignatureElsewhereOrTwice) {
  const auto& text = signed_whole();
  const auto signature = signature_of(text);
  const auto bare = without(text, signature);
  EXPECT_EQ(outcome(with(bare, "</info>", signature + "</info>")), "cap.one_signature");
  EXPECT_EQ(outcome(with(text, "</alert>", signature + "</alert>")), "cap.one_signature");
  EXPECT_EQ(outcome(with(text, "</info>", "<code>" + signature + "</code></info>")), "cap.one_signature");
  EXPECT_EQ(outcome(bare), "cap.one_signature");
  // In front of what it signs is still around all of it, and only what was signed is read.
  EXPECT_FALSE(outcome(with(bare, "<identifier>", signature + "<identifier>x")).starts_with("by "));
}

TEST(Wrapping, OtherTransformsMethodsAndReferencesAreRefused) {
  const auto& text = signed_whole();
  const std::string reference =
      text.substr(text.find("<Reference"),
                  text.find("</Reference>") + std::string("</Reference>").size() - text.find("<Reference"));
  const std::string transform = "<Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/>";
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {reference, reference + reference},
           {reference, ""},
           {transform, ""},
           {transform,
            "<Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\"><XPath>"
            "ancestor-or-self::info</XPath></Transform>"},
           {transform, "<Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"/>"},
           {transform, transform + "<Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#base64\"/>"},
           {"2001/04/xmldsig-more#rsa-sha256", "2000/09/xmldsig#rsa-sha1"},
           {"2001/04/xmldsig-more#rsa-sha256", "2001/04/xmldsig-more#hmac-sha256"},
           {"2001/04/xmlenc#sha256", "2000/09/xmldsig#sha1"},
       })
    EXPECT_EQ(outcome(with(text, from, to)), "cap.signature_shape") << to;
}

/// What comes out is what was signed, not what stands in the file: a comment that splits a text for other readers.
TEST(Wrapping, OnlyTheSignedOctetsAreRead) {
  const auto commented = with(signed_whole(), "Pergi ke tempat tinggi", "Pergi ke <!-- x -->tempat tinggi");
  const auto result = verified(commented, "a.xml", pins());
  ASSERT_TRUE(result) << "comments are no part of what was signed";
  EXPECT_EQ(result->document.find("<!--"), std::string::npos);
  EXPECT_EQ(result->document.find("Signature"), std::string::npos);
  EXPECT_EQ(testing::read_one(result->document).alert, testing::read_one(whole).alert);
}

TEST(Wrapping, ADocumentTypeIsRefusedBeforeAnySignatureIsLookedAt) {
  EXPECT_EQ(outcome(with(signed_whole(), "<alert", "<!DOCTYPE alert [<!ATTLIST info Id ID #IMPLIED>]><alert")),
            "cap.document_type");
}

}  // namespace
}  // namespace broadcaster::alert::cap
