// A feed may answer with anything: an index gives links that may be fetched or are asked about, bulletins are decided,
// and what is made of them is an alert file. No answer of a feed ends what waits for a person.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "broadcaster/feeds/apply.hpp"
#include "broadcaster/feeds/draft_text.hpp"
#include "broadcaster/feeds/links.hpp"

namespace alert = broadcaster::alert;
namespace feeds = broadcaster::feeds;
namespace base = broadcaster::base;

namespace {

const alert::Agency& agency() {
  static const alert::Agency one = [] {
    alert::Agency a;
    a.sender = "a";
    a.languages = {alert::Language("en")};
    a.default_language = alert::Language("en");
    return a;
  }();
  return one;
}

const alert::Zones& zones() {
  static const alert::Zones all = [] {
    alert::Zone zone;
    zone.id = alert::ZoneId("z");
    zone.polygons = {{{0, 179}, {0, -179}, {1, 180}, {0, 179}}};
    return alert::Zones({zone});
  }();
  return all;
}

feeds::Feed feed() {
  feeds::Feed out;
  out.name = "f";
  out.mode = alert::Mode::live;
  out.url = "https://centre.example/feed";
  out.signature = feeds::Feed::Signature::not_required;
  out.region = {{"a", "1"}};
  out.oldest = std::chrono::seconds(7 * 86400);
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<std::string> hazards{"tsunami", "flood"};
  static const auto from = feed();
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto document = feeds::take_apart(text, from.url, from);
  if (!document) {
    if (document.error().empty()) std::abort();
    return 0;
  }
  feeds::Known known;
  const feeds::Context context{agency(), zones(), hazards, alert::Mode::live,
                               base::WallTime(std::chrono::seconds(1'795'486'800))};
  for (const auto& entry : document->index.entries) {
    const auto decision = feeds::decide(entry, from, known, context.now);
    const auto* fetch = std::get_if<feeds::Fetch>(&decision);
    if (fetch && (!feeds::may_be_fetched(fetch->url) || feeds::origin_of(fetch->url) != "https://centre.example"))
      std::abort();
  }
  for (const auto& bulletin : document->bulletins) {
    const auto before = known.matters.size();
    const auto decision = feeds::decide(bulletin, from, known, context);
    auto matters = feeds::matters_after(decision, bulletin, from, known, context);
    feeds::remember(known, from.name, feeds::key_of(feeds::name_of(bulletin.alert)),
                    matters.empty() ? "" : matters.front().id, context.now, feeds::content_of(bulletin));
    feeds::foretell(known, bulletin, from, context);
    for (auto& matter : matters) {
      if (matter.kind == feeds::Matter::Kind::draft && feeds::draft_text(matter, "en").empty()) std::abort();
      known.matters.insert_or_assign(matter.id, matter);
    }
    if (known.matters.size() < before) std::abort();
    if (!std::holds_alternative<feeds::KnownAlready>(feeds::decide(bulletin, from, known, context))) std::abort();
  }
  return 0;
}
