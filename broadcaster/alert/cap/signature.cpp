#include "broadcaster/alert/cap/signature.hpp"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <xmlsec/crypto.h>
#include <xmlsec/errors.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmlsec.h>
#include <xmlsec/xmltree.h>

#include <algorithm>
#include <memory>

#include "broadcaster/alert/cap/xml.hpp"

namespace broadcaster::alert::cap {
namespace {

constexpr int least_rsa_bits = 2048;

constexpr std::string_view enveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
constexpr std::string_view exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
constexpr std::string_view canonical_forms[] = {exclusive,
                                                "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
                                                "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
                                                "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
                                                "http://www.w3.org/2006/12/xml-c14n11",
                                                "http://www.w3.org/2006/12/xml-c14n11#WithComments"};
constexpr std::string_view signature_methods[] = {
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",   "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",   "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384", "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512"};
constexpr std::string_view digest_methods[] = {"http://www.w3.org/2001/04/xmlenc#sha256",
                                               "http://www.w3.org/2001/04/xmldsig-more#sha384",
                                               "http://www.w3.org/2001/04/xmlenc#sha512"};

template <auto free>
struct Free {
  template <class T>
  void operator()(T* value) const {
    free(value);
  }
};
using Document = std::unique_ptr<xmlDoc, Free<xmlFreeDoc>>;
using Key = std::unique_ptr<xmlSecKey, Free<xmlSecKeyDestroy>>;
using Signing = std::unique_ptr<xmlSecDSigCtx, Free<xmlSecDSigCtxDestroy>>;

/// What xmlsec says of a failure goes nowhere: an error of ours says what a person can do.
void silent(const char*, int, const char*, const char*, const char*, int, const char*) {}

void start_library() {
  [[maybe_unused]] static const bool started = [] {
    xmlInitParser();
    if (xmlSecInit() < 0 || xmlSecCryptoAppInit(nullptr) < 0 || xmlSecCryptoInit() < 0) std::abort();
    xmlSecErrorsSetCallback(silent);  // after xmlSecInit, which sets its own
    return true;
  }();
}

const xmlSecByte* bytes(std::string_view text) { return reinterpret_cast<const xmlSecByte*>(text.data()); }

/// A key with a passphrase must not stop a program to ask for it.
int no_passphrase(char*, int, int, void*) { return -1; }

bool strong_enough(const xmlSecKey& key) {
  const auto* value = key.value;
  if (!value) return false;
  if (value->id == xmlSecOpenSSLKeyDataRsaId) return xmlSecKeyDataGetSize(key.value) >= least_rsa_bits;
  return value->id == xmlSecOpenSSLKeyDataEcdsaId;
}

Key load_key(std::string_view pem, xmlSecKeyDataFormat format) {
  start_library();
  Key key(xmlSecCryptoAppKeyLoadMemory(bytes(pem), static_cast<xmlSecSize>(pem.size()), format, nullptr,
                                       reinterpret_cast<void*>(no_passphrase), nullptr));
  return key && strong_enough(*key) ? std::move(key) : nullptr;
}

/// A public key or a certificate; a private key is nobody's to pin.
Key load_pin(std::string_view pem) {
  if (pem.find("-----BEGIN CERTIFICATE-----") != std::string_view::npos)
    return load_key(pem, xmlSecKeyDataFormatCertPem);
  if (pem.find("-----BEGIN PUBLIC KEY-----") != std::string_view::npos) return load_key(pem, xmlSecKeyDataFormatPem);
  return nullptr;
}

/// As parse_xml has already judged the text: without document type, entities and network.
Document tree_of(std::string_view text) {
  start_library();
  return Document(xmlReadMemory(text.data(), static_cast<int>(text.size()), nullptr, nullptr,
                                XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_BIG_LINES));
}

bool is_signature(const Element& element) { return element.space == signature_space && element.name == "Signature"; }

int count_signatures(const Element& element) {
  int count = is_signature(element) ? 1 : 0;
  for (const auto& child : element.children) count += count_signatures(child);
  return count;
}

// ── the one shape ──

bool is(const xmlNode* node, const char* name) {
  return node && node->ns && std::string_view(reinterpret_cast<const char*>(node->ns->href)) == signature_space &&
         std::string_view(reinterpret_cast<const char*>(node->name)) == name;
}

std::vector<xmlNode*> children(const xmlNode* node) {
  std::vector<xmlNode*> out;
  for (auto* child = xmlSecGetNextElementNode(node->children); child; child = xmlSecGetNextElementNode(child->next))
    out.push_back(child);
  return out;
}

/// Nothing: there is no such attribute.
std::optional<std::string> attribute(const xmlNode* node, const char* name) {
  xmlChar* value = xmlGetNoNsProp(const_cast<xmlNode*>(node), reinterpret_cast<const xmlChar*>(name));
  if (!value) return std::nullopt;
  std::string out(reinterpret_cast<const char*>(value));
  xmlFree(value);
  return out;
}

bool algorithm_in(const xmlNode* node, std::span<const std::string_view> allowed) {
  const auto found = attribute(node, "Algorithm");
  return found && std::ranges::find(allowed, std::string_view(*found)) != allowed.end();
}

/// enveloped-signature, and then at most one canonicalisation.
bool good_transforms(const xmlNode* transforms) {
  const auto list = children(transforms);
  if (list.empty() || list.size() > 2) return false;
  for (const auto* one : list)
    if (!is(one, "Transform")) return false;
  constexpr std::string_view first[] = {enveloped};
  return algorithm_in(list[0], first) && (list.size() == 1 || algorithm_in(list[1], canonical_forms));
}

bool good_reference(const xmlNode* reference) {
  const auto parts = children(reference);
  return attribute(reference, "URI") == "" && parts.size() == 3 && is(parts[0], "Transforms") &&
         good_transforms(parts[0]) && is(parts[1], "DigestMethod") && algorithm_in(parts[1], digest_methods) &&
         is(parts[2], "DigestValue");
}

bool good_shape(const xmlNode* signature) {
  const auto parts = children(signature);
  if (parts.empty() || !is(parts[0], "SignedInfo")) return false;
  const auto info = children(parts[0]);
  return info.size() == 3 && is(info[0], "CanonicalizationMethod") && algorithm_in(info[0], canonical_forms) &&
         is(info[1], "SignatureMethod") && algorithm_in(info[1], signature_methods) && is(info[2], "Reference") &&
         good_reference(info[2]);
}

xmlNode* signature_of(const Document& document) {
  for (auto* child : children(xmlDocGetRootElement(document.get())))
    if (is(child, "Signature")) return child;
  return nullptr;
}

/// The octets that this key has signed; nothing: it has not, or they were changed.
std::optional<std::string> octets_signed_by(const Key& key, xmlNode* signature) {
  const Signing context(xmlSecDSigCtxCreate(nullptr));
  if (!context) return std::nullopt;
  context->flags = XMLSEC_DSIG_FLAGS_IGNORE_MANIFESTS | XMLSEC_DSIG_FLAGS_STORE_SIGNEDINFO_REFERENCES;
  context->enabledReferenceUris = xmlSecTransformUriTypeEmpty;
  context->signKey = xmlSecKeyDuplicate(key.get());  // a key that is given: KeyInfo is not read
  if (!context->signKey || xmlSecDSigCtxVerify(context.get(), signature) < 0 ||
      context->status != xmlSecDSigStatusSucceeded || xmlSecPtrListGetSize(&context->signedInfoReferences) != 1)
    return std::nullopt;
  auto* reference = static_cast<xmlSecDSigReferenceCtxPtr>(xmlSecPtrListGetItem(&context->signedInfoReferences, 0));
  const auto* buffer = reference ? xmlSecDSigReferenceCtxGetPreDigestBuffer(reference) : nullptr;
  if (!buffer || reference->status != xmlSecDSigStatusSucceeded) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(buffer->data), buffer->size);
}

std::unexpected<base::Error> refused(base::Text text, const std::string& file, int line) {
  return std::unexpected(base::Error{base::ErrorKind::refused, std::move(text), base::Place{file, line, 0}, {}});
}

std::string signature_template(std::string_view method, std::string_view key_info) {
  std::string out = "<Signature xmlns=\"";
  out.append(signature_space).append("\"><SignedInfo><CanonicalizationMethod Algorithm=\"").append(exclusive);
  out.append("\"/><SignatureMethod Algorithm=\"").append(method);
  out.append("\"/><Reference URI=\"\"><Transforms><Transform Algorithm=\"").append(enveloped);
  out.append("\"/><Transform Algorithm=\"").append(exclusive).append("\"/></Transforms><DigestMethod Algorithm=\"");
  out.append(digest_methods[0]).append("\"/><DigestValue/></Reference></SignedInfo><SignatureValue/>");
  return out.append(key_info).append("</Signature>");
}

}  // namespace

bool is_signed(const Element& root) { return count_signatures(root) > 0; }

base::Result<Signed> verified(std::string_view text, const std::string& file, std::span<const Pin> pins) {
  const auto root = parse_xml(text, file);
  if (!root) return std::unexpected(root.error());
  if (root->name != "alert" || root->space != cap_space) return refused({"cap.signed_root", {}}, file, root->line);
  const auto own = std::ranges::find_if(root->children, is_signature);
  if (count_signatures(*root) != 1 || own == root->children.end())
    return refused({"cap.one_signature", {{"count", std::int64_t{count_signatures(*root)}}}}, file, root->line);
  const auto document = tree_of(text);
  auto* signature = document ? signature_of(document) : nullptr;
  if (!signature || !good_shape(signature)) return refused({"cap.signature_shape", {}}, file, own->line);
  std::string names;
  for (const auto& pin : pins) {
    const auto key = load_pin(pin.pem);
    names += (names.empty() ? "" : ", ") + pin.name;
    if (!key) continue;
    if (auto octets = octets_signed_by(key, signature))
      return Signed{pin.name, std::string(static_cast<std::size_t>(std::max(root->line - 1, 0)), '\n') + *octets};
  }
  return refused({"cap.signature_of_nobody", {{"pins", names.empty() ? "–" : names}}}, file, own->line);
}

base::Result<std::string> with_signature(const std::string& document, const SigningKey& signer) {
  const auto root = parse_xml(document, "CAP");
  if (!root) return std::unexpected(root.error());
  const auto bad_key = [] { return base::fail(base::ErrorKind::bad_input, {"cap.bad_signing_key", {}}); };
  const auto key = load_key(signer.pem, xmlSecKeyDataFormatPem);
  if (!key || (xmlSecKeyGetType(key.get()) & xmlSecKeyDataTypePrivate) == 0) return bad_key();
  if (!signer.certificate.empty() &&
      xmlSecCryptoAppKeyCertLoadMemory(key.get(), bytes(signer.certificate),
                                       static_cast<xmlSecSize>(signer.certificate.size()), xmlSecKeyDataFormatPem) < 0)
    return bad_key();
  const bool rsa = key->value->id == xmlSecOpenSSLKeyDataRsaId;
  const auto wanted = signature_template(
      signature_methods[rsa ? 0 : 3],
      signer.certificate.empty() ? "" : "<KeyInfo><X509Data><X509Certificate/></X509Data></KeyInfo>");
  auto text = document;
  text.insert(text.rfind("</"), wanted);
  const auto tree = tree_of(text);
  auto* signature = tree ? signature_of(tree) : nullptr;
  const Signing context(xmlSecDSigCtxCreate(nullptr));
  if (!signature || !context) return bad_key();
  context->signKey = xmlSecKeyDuplicate(key.get());
  if (!context->signKey || xmlSecDSigCtxSign(context.get(), signature) < 0 ||
      context->status != xmlSecDSigStatusSucceeded)
    return bad_key();
  xmlChar* dumped = nullptr;
  int length = 0;
  xmlDocDumpMemoryEnc(tree.get(), &dumped, &length, "UTF-8");
  std::string out(reinterpret_cast<const char*>(dumped), static_cast<std::size_t>(length));
  xmlFree(dumped);
  // What receivers will do, done first: with the bytes that leave, not with the tree that was signed.
  const auto again = tree_of(out);
  auto* made = again ? signature_of(again) : nullptr;
  if (!made || !good_shape(made) || !octets_signed_by(key, made)) return bad_key();
  return out;
}

base::Result<Pin> read_pin(const std::filesystem::path& file) {
  const auto text = read_document(file);
  if (!text) return std::unexpected(text.error());
  if (!load_pin(*text))
    return std::unexpected(
        base::Error{base::ErrorKind::bad_input, {"cap.bad_pin", {}}, base::Place{file.string(), 0, 0}, {}});
  return Pin{file.stem().string(), *text};
}

base::Checked<std::vector<Pin>> read_pins(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder, none))
    if (entry.path().extension() == ".pem") files.push_back(entry.path());
  std::ranges::sort(files);
  std::vector<Pin> out;
  base::Errors errors;
  for (const auto& file : files) {
    auto pin = read_pin(file);
    if (pin)
      out.push_back(std::move(*pin));
    else
      errors.push_back(std::move(pin.error()));
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return out;
}

}  // namespace broadcaster::alert::cap
