#include "broadcaster/service/feed_work.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "broadcaster/base/digest.hpp"
#include "broadcaster/base/files.hpp"
#include "broadcaster/feeds/draft_text.hpp"

namespace broadcaster::service {
namespace fs = std::filesystem;
namespace {

using feeds::Matter;

std::string digest_of(const std::string& text) { return base::hex(base::sha256(text)); }

/// What is there now; nothing: no such file.
std::optional<std::string> digest_on_disk(const fs::path& path) {
  std::error_code none;
  if (!fs::exists(path, none)) return std::nullopt;
  const auto text = base::read_file(path);
  return text ? digest_of(*text) : std::string("unreadable");
}

/// Names the file that takes this text: the same one while it is as we left it, else one beside it. People edit drafts;
/// what they wrote stays. What is there, the one of before or the one that was wanted, tells whether a write has
/// failed.
DraftFile place(const FeedRules& rules, Matter& matter) {
  DraftFile out{matter.id, {}, feeds::draft_text(matter, rules.agency.default_language.value)};
  const auto digest = digest_of(out.text);
  for (;;) {
    out.path = rules.drafts / matter.file;
    const auto there = digest_on_disk(out.path);
    if (there && *there == matter.wanted) matter.written = matter.wanted;
    if (!there || *there == matter.written || *there == digest) break;
    matter.file = matter.id + "-" + std::to_string(++matter.revision) + ".yaml";
  }
  matter.wanted = digest;
  return out;
}

/// Whether its file is one of ours, and not the one that it should be.
bool lacks_its_file(const FeedRules& rules, Matter& matter) {
  if (matter.kind != Matter::Kind::draft || matter.dismissed) return false;
  const auto there = digest_on_disk(rules.drafts / matter.file);
  if (there && *there == matter.wanted) matter.written = matter.wanted;
  return !there || (*there == matter.written && matter.written != matter.wanted);
}

std::set<std::string> documents_of(const feeds::Known& known) {
  std::set<std::string> out;
  for (const auto& [_, matter] : known.matters)
    if (matter.kind == Matter::Kind::question) {
      if (!matter.file.empty()) out.insert(matter.file);
      out.insert(matter.older_files.begin(), matter.older_files.end());
    }
  return out;
}

/// What must be written, and what may go, for `out` to follow on `before`.
void complete(FeedOutcome& out, const FeedRules& rules, const feeds::Known& before) {
  out.values = changed_values(before, out.known);
  const auto kept = documents_of(out.known);
  for (const auto& file : documents_of(before))
    if (!kept.contains(file)) out.remove.push_back(rules.drafts / file);
}

/// Room for one more of this size?
bool has_room(const fs::path& drafts, std::size_t size) {
  std::uintmax_t bytes = size;
  std::size_t count = 0;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(drafts, none))
    if (entry.path().extension() == ".xml") {
      bytes += entry.file_size(none);
      ++count;
    }
  return bytes <= most_document_bytes && count < most_documents;
}

class Work {
 public:
  Work(const FeedRules& rules, const feeds::Feed& feed, const feeds::Known& known, base::WallTime now,
       const Enough* enough)
      : rules_(rules),
        feed_(feed),
        enough_(enough),
        context_{rules.agency, rules.zones, rules.hazards, rules.mode, now},
        before_(known) {
    out_.known = known;
  }

  FeedOutcome run(const std::string& url, const std::string& body, const feeds::Entry* entry) {
    auto document = feeds::take_apart(body, url, feed_);
    if (!document) {
      out_.unreadable = std::move(document.error().front());
      return std::move(out_);
    }
    take(document->index.entries);
    take_all(feeds::in_order(std::move(document->bulletins)), body);
    if (entry && !out_.unreadable) feeds::remember_read(out_.known, feed_.name, *entry, context_.now);
    complete(out_, rules_, before_);
    return std::move(out_);
  }

 private:
  void take_all(const std::vector<feeds::Bulletin>& bulletins, const std::string& body) {
    std::int64_t done = 0;
    for (const auto& bulletin : bulletins) {
      if (enough_ && *enough_) {
        out_.unreadable = base::Error{
            base::ErrorKind::unavailable,
            {"service.feed_too_slow", {{"done", done}, {"count", static_cast<std::int64_t>(bulletins.size())}}},
            {},
            {}};
        return;
      }
      take(bulletin, body);
      ++done;
    }
  }

  /// What is news first, then what may be in force still, then what may have changed unsaid; each in its order.
  void take(const std::vector<feeds::Entry>& entries) {
    std::int64_t too_old = 0;
    std::map<feeds::Fetch::Why, std::vector<feeds::Entry>> fetch;
    for (const auto& entry : entries) {
      const auto decision = feeds::decide(entry, feed_, out_.known, context_.now);
      if (const auto* wanted = std::get_if<feeds::Fetch>(&decision))
        fetch[wanted->why].push_back(entry);
      else
        take(entry, decision, too_old);
    }
    if (too_old > 0) note(feed_.name, "refused", base::Text{"feeds.old_entries", {{"count", too_old}}}, "");
    for (const auto why : {feeds::Fetch::Why::news, feeds::Fetch::Why::old, feeds::Fetch::Why::again})
      std::ranges::move(feeds::in_order(std::move(fetch[why])), std::back_inserter(out_.fetch));
  }

  void take(const feeds::Entry& entry, const feeds::EntryDecision& decision, std::int64_t& too_old) {
    if (std::holds_alternative<feeds::KnownAlready>(decision))
      return feeds::remember(out_.known, feed_.name, feeds::key_of(entry), "", context_.now);
    auto matter = feeds::matter_after(decision, entry, feed_, out_.known, context_);
    if (!matter) {
      ++too_old;
      return feeds::remember(out_.known, feed_.name, feeds::key_of(entry), "", context_.now);
    }
    note(entry.id, "asked", std::get<feeds::Ask>(decision).why, matter->id);
    feeds::remember(out_.known, feed_.name, feeds::key_of(entry), matter->id, context_.now);
    keep(std::move(*matter));
  }

  void take(const feeds::Bulletin& bulletin, const std::string& body) {
    const auto name = feeds::name_of(bulletin.alert);
    const auto decision = feeds::decide(bulletin, feed_, out_.known, context_);
    auto matters = feeds::matters_after(decision, bulletin, feed_, out_.known, context_);
    const auto id = matters.empty() ? std::string() : matters.front().id;
    if (!std::holds_alternative<feeds::KnownAlready>(decision))
      note(feeds::shown_name(bulletin.alert), std::string(feeds::word_for(decision)), feeds::why(decision), id);
    feeds::remember(out_.known, feed_.name, feeds::key_of(name), id, context_.now, feeds::content_of(bulletin));
    feeds::foretell(out_.known, bulletin, feed_, context_);
    for (auto& matter : matters) {
      switch (matter.kind) {
        case Matter::Kind::draft:
          write_draft(matter);
          break;
        case Matter::Kind::question:
          write_question(matter, body);
          break;
      }
      keep(std::move(matter));
    }
  }

  /// A draft that is as it was, but for names, keeps its file.
  void write_draft(Matter& matter) {
    const auto was = matter.wanted;
    auto file = place(rules_, matter);
    if (matter.wanted != was) out_.files.push_back(std::move(file));
  }

  /// Once, by its digest: a document of many bulletins is one file.
  void write_question(Matter& matter, const std::string& body) {
    if (digest_.empty()) digest_ = digest_of(body);
    const auto name = feed_.name + "-" + digest_.substr(0, 16) + ".xml";
    if (matter.file == name) return;
    DraftFile file{matter.id, rules_.drafts / name, body};
    if (digest_on_disk(file.path) != digest_) {
      if (!has_room(rules_.drafts, body.size()))
        return out_.troubles.push_back(
            {{matter.id, {}, {}}, {"service.feed_documents_full", {{"folder", rules_.drafts.string()}}}});
      for (auto& trouble : write_drafts({file})) out_.troubles.push_back(std::move(trouble));
    }
    if (!matter.file.empty()) matter.older_files.push_back(matter.file);
    std::erase(matter.older_files, name);
    if (matter.older_files.size() >= feeds::most_files) matter.older_files.erase(matter.older_files.begin());
    matter.file = name;
    matter.wanted = digest_;
  }

  /// More questions than anybody could answer are told as their number alone: the newest stay.
  void keep(Matter matter) {
    auto& matters = out_.known.matters;
    const auto oldest_question = [&] {
      auto found = matters.end();
      for (auto at = matters.begin(); at != matters.end(); ++at)
        if (at->second.kind == Matter::Kind::question &&
            (found == matters.end() || at->second.opened < found->second.opened))
          found = at;
      return found;
    };
    if (!matters.contains(matter.id) && matters.size() >= 2 * feeds::most_matters)
      if (const auto oldest = oldest_question(); oldest != matters.end()) matters.erase(oldest);
    const auto id = matter.id;
    matters.insert_or_assign(id, std::move(matter));
  }

  void note(std::string bulletin, std::string word, std::optional<base::Text> why, std::string matter) {
    out_.notes.push_back(
        {feed_.name, std::move(bulletin), std::move(word), std::move(why), std::move(matter), context_.now});
  }

  const FeedRules& rules_;
  const feeds::Feed& feed_;
  const Enough* enough_;
  const feeds::Context context_;
  const feeds::Known& before_;
  std::string digest_;  ///< of the document, once it is needed
  FeedOutcome out_;
};

}  // namespace

FeedOutcome work_on_document(const FeedRules& rules, const feeds::Feed& feed, const feeds::Known& known,
                             const std::string& url, const std::string& body, const feeds::Entry* entry,
                             base::WallTime now, const Enough* enough) {
  return Work(rules, feed, known, now, enough).run(url, body, entry);
}

FeedOutcome mend(const FeedRules& rules, const feeds::Known& known, const std::vector<feeds::OpenAlert>& open,
                 const std::vector<DraftFile>& owed, base::WallTime now) {
  FeedOutcome out;
  out.known = known;
  std::set<std::string> in_use;
  for (const auto& [id, matter] : known.matters)
    if (!feeds::resting_on(matter, open).empty()) in_use.insert(id);
  for (const auto& ended : feeds::forget(out.known, now, in_use))
    out.notes.push_back({ended.sources.empty() ? "" : ended.sources.front().feed,
                         ended.sources.empty() ? "" : ended.sources.front().name,
                         "expired",
                         {},
                         ended.id,
                         now});
  for (auto& [_, matter] : out.known.matters)
    if (lacks_its_file(rules, matter)) out.files.push_back(place(rules, matter));
  const auto asked = documents_of(out.known);
  for (const auto& file : owed)
    if (asked.contains(file.path.filename())) out.files.push_back(file);
  out.looked_at = FeedOutcome::Files::all;
  complete(out, rules, known);
  return out;
}

base::Result<FeedOutcome> dismiss(const FeedRules& rules, const feeds::Known& known, const std::string& id,
                                  base::WallTime now) {
  const auto found = known.matters.find(id);
  if (found == known.matters.end() || found->second.dismissed)
    return base::fail(base::ErrorKind::bad_input, {"service.no_matter", {{"id", id}}});
  FeedOutcome out;
  out.known = known;
  switch (found->second.kind) {
    case Matter::Kind::question:
      out.known.matters.erase(id);
      break;
    case Matter::Kind::draft:
      out.known.matters.at(id).dismissed = now;
      break;
  }
  const auto& sources = found->second.sources;
  out.notes.push_back({sources.empty() ? "" : sources.front().feed,
                       sources.empty() ? "" : sources.front().name,
                       "dismissed",
                       {},
                       id,
                       now});
  complete(out, rules, known);
  return out;
}

std::vector<NotWritten> write_drafts(const std::vector<DraftFile>& files) {
  std::vector<NotWritten> out;
  for (const auto& file : files) {
    std::error_code none;
    if (fs::create_directories(file.path.parent_path(), none))
      fs::permissions(file.path.parent_path(), fs::perms::owner_all, none);
    if (auto written = base::write_file(file.path, file.text, base::FileMode::secret); !written)
      out.push_back({file, std::move(written.error().text)});
  }
  return out;
}

void remove_documents(const std::vector<fs::path>& files) {
  std::error_code none;
  for (const auto& file : files) fs::remove(file, none);
}

}  // namespace broadcaster::service
