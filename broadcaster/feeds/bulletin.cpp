#include "broadcaster/feeds/bulletin.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "broadcaster/alert/cap/xml.hpp"
#include "broadcaster/feeds/links.hpp"

namespace broadcaster::feeds {
namespace cap = alert::cap;
namespace {

bool holds_alert(const cap::Element& element) {
  return element.name == "alert" || std::ranges::any_of(element.children, holds_alert);
}

struct Vouched {
  Trust trust = Trust::unsigned_;
  std::string signer;
  cap::Element root;
};

/// The document that may be read, and by whose word. One that is signed wrongly is read all the same, to name it.
base::Result<Vouched> vouched(std::string_view text, const std::string& file, cap::Element root, const Feed& feed) {
  if (!cap::is_signed(root) || feed.signers.empty()) return Vouched{Trust::unsigned_, {}, std::move(root)};
  auto good = cap::verified(text, file, feed.signers);
  if (!good) {
    switch (feed.signature) {
      case Feed::Signature::required:
        return Vouched{Trust::bad, {}, std::move(root)};
      case Feed::Signature::not_required:
        return Vouched{Trust::unsigned_, {}, std::move(root)};
    }
  }
  auto of_signed = cap::parse_xml(good->document, file);
  if (!of_signed) return std::unexpected(std::move(of_signed.error()));
  return Vouched{Trust::by_signer, std::move(good->signer), std::move(*of_signed)};
}

}  // namespace

std::string name_of(const alert::Alert& alert) {
  return fmt::format("{},{},{}", alert.sender, alert.identifier, alert.sent ? base::format_cap_time(*alert.sent) : "");
}

std::string shown_name(const alert::Alert& alert) {
  return fmt::format("{},{},{}", alert.sender, alert.identifier, alert.sent ? base::format_cap_time(*alert.sent) : "–");
}

base::Checked<Document> take_apart(std::string_view text, const std::string& url, const Feed& feed) {
  const auto file = without_query(url);
  auto root = cap::parse_xml(text, file);
  if (!root) return std::unexpected(base::Errors{std::move(root.error())});
  Document out;
  if (is_index(*root)) {
    out.index = read_index(*root, url);
    if (!holds_alert(*root)) return out;
  }
  auto believed = vouched(text, file, std::move(*root), feed);
  if (!believed) return std::unexpected(base::Errors{std::move(believed.error())});
  auto alerts = cap::read_cap(believed->root, file);
  if (!alerts) return std::unexpected(std::move(alerts.error()));
  for (auto& one : *alerts)
    out.bulletins.push_back({std::move(one.alert), std::move(one.notes), believed->trust, believed->signer});
  return out;
}

}  // namespace broadcaster::feeds
