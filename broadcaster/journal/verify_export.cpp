#include "broadcaster/journal/verify_export.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <fstream>
#include <map>

#include "broadcaster/base/files.hpp"

namespace broadcaster::journal {
namespace {

constexpr std::size_t before_the_hash = 9, before_the_entry = 83;  // {"hash":"…64…","entry":

/// A line of record.jsonl; nullopt: it is none.
std::optional<RecordEntry> entry_from(std::string_view line) {
  if (line.size() <= before_the_entry + 1 || !line.starts_with(R"({"hash":")") || !line.ends_with('}'))
    return std::nullopt;
  if (line.substr(before_the_hash + 64, before_the_entry - before_the_hash - 64) != R"(","entry":)")
    return std::nullopt;
  const auto hash = base::digest_from_hex(line.substr(before_the_hash, 64));
  if (!hash) return std::nullopt;
  RecordEntry out;
  out.entry = line.substr(before_the_entry, line.size() - before_the_entry - 1);
  out.hash.assign(hash->begin(), hash->end());
  // Outside a database no column stands beside an entry: it says itself what it is.
  boost::json::error_code error;
  const auto parsed = boost::json::parse(out.entry, error);
  const auto* inside = error ? nullptr : parsed.if_object();
  if (inside == nullptr) return std::nullopt;
  const auto* seq = inside->if_contains("seq");
  const auto* kind = inside->if_contains("kind");
  const auto* at = inside->if_contains("at");
  if (!seq || !seq->is_int64() || !kind || !kind->is_string() || !at || !at->is_string()) return std::nullopt;
  const auto time = base::parse_utc(std::string(at->get_string()));
  if (!time) return std::nullopt;
  out.seq = seq->get_int64();
  out.kind = kind->get_string();
  out.at_ms = time->time_since_epoch().count();
  return out;
}

std::optional<base::Digest> digest_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  base::Sha256 sum;
  std::vector<char> buffer(1 << 20);
  while (file.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || file.gcount() > 0)
    sum.update({buffer.data(), static_cast<std::size_t>(file.gcount())});
  if (file.bad()) return std::nullopt;
  return sum.finish();
}

/// Lines as sha256sum writes them; a line that is none is a finding.
std::map<std::string, base::Digest> listed(std::string_view sums, std::vector<base::Text>& wrong) {
  std::map<std::string, base::Digest> out;
  for (std::size_t at = 0; at < sums.size();) {
    const auto end = std::min(sums.find('\n', at), sums.size());
    const auto line = sums.substr(at, end - at);
    at = end + 1;
    const auto digest =
        line.size() > 66 && line.substr(64, 2) == "  " ? base::digest_from_hex(line.substr(0, 64)) : std::nullopt;
    const std::string name(line.size() > 66 ? line.substr(66) : "");
    if (!digest || name.find('/') != std::string::npos)
      wrong.push_back({"journal.sums_line", {{"line", std::string(line.substr(0, 100))}}});
    else
      out[name] = *digest;
  }
  return out;
}

class Check {
 public:
  Check(std::filesystem::path folder, const Kept& kept) : folder_(std::move(folder)), kept_(kept) {}

  base::Result<ExportVerdict> all() {
    const auto sums = base::read_file(folder_ / "SHA256SUMS");
    if (!sums) return std::unexpected(sums.error());
    keys();
    signature(*sums);
    files(*sums);
    record();
    return std::move(verdict_);
  }

 private:
  void wrong(std::string id, std::string file) {
    verdict_.files.push_back({std::move(id), {{"file", std::move(file)}}});
  }

  void keys() {
    signers_ = kept_.keys;
    if (!signers_.empty()) return;
    const auto pem = base::read_file(folder_ / "record-key.pem", 1000);
    const auto key = pem ? base::public_key_from_pem(*pem) : std::nullopt;
    if (key) signers_.push_back(*key);
  }

  void signature(const std::string& sums) {
    const auto bytes = base::read_file(folder_ / "SHA256SUMS.sig", 1000);
    const std::span signature(reinterpret_cast<const std::uint8_t*>(bytes ? bytes->data() : nullptr),
                              bytes ? bytes->size() : 0);
    if (!std::ranges::any_of(signers_, [&](const auto& key) { return base::is_signed_by(key, sums, signature); }))
      wrong(bytes ? "journal.sums_not_signed" : "journal.file_missing", "SHA256SUMS.sig");
  }

  void files(const std::string& sums) {
    const auto list = listed(sums, verdict_.files);
    for (const auto& [name, digest] : list) {
      const auto found = digest_of(folder_ / name);
      if (!found)
        wrong("journal.file_missing", name);
      else if (*found != digest)
        wrong("journal.file_changed", name);
      ++verdict_.checked;
    }
    std::error_code ignored;
    for (const auto& file : std::filesystem::directory_iterator(folder_, ignored)) {
      const auto name = file.path().filename().string();
      if (!list.contains(name) && !name.starts_with("SHA256SUMS")) wrong("journal.file_not_listed", name);
    }
  }

  void record() {
    std::vector<KnownSigner> signers;
    for (const auto& key : signers_) signers.push_back({key, std::nullopt});
    Chain chain(std::move(signers));
    auto& report = verdict_.record;
    const auto bad = [&](base::Text reason) {
      report.first_bad = chain.head().seq + 1;
      report.reason = std::move(reason);
    };
    auto missing = kept_.heads;
    std::ifstream file(folder_ / "record.jsonl", std::ios::binary);
    for (std::string line; !report.first_bad && std::getline(file, line);) {
      const auto entry = entry_from(line);
      if (!entry) {
        bad({"journal.record_changed", {{"seq", chain.head().seq + 1}}});
      } else if (auto reason = chain.add(*entry)) {
        bad(std::move(*reason));
      } else {
        ++report.entries;
        for (const auto& head : missing)
          if (head.seq == chain.head().seq && head.hash != chain.head().hash) {
            report.first_bad = head.seq;
            report.reason = {"journal.record_other_head", {{"seq", head.seq}}};
          }
        std::erase_if(missing, [&](const RecordHead& head) { return head.seq == chain.head().seq; });
      }
    }
    report.head = chain.head();
    report.vouched = chain.vouched();
    if (report.entries == 0 && !report.first_bad) bad({"journal.file_missing", {{"file", "record.jsonl"}}});
    for (const auto& head : missing)
      if (!report.first_bad && head.seq > 0)
        bad({"journal.record_cut", {{"entries", report.entries}, {"known", head.seq}}});
  }

  const std::filesystem::path folder_;
  const Kept& kept_;
  std::vector<base::PublicKey> signers_;
  ExportVerdict verdict_;
};

}  // namespace

base::Result<ExportVerdict> verify_export(const std::filesystem::path& folder, const Kept& kept) {
  return Check(folder, kept).all();
}

}  // namespace broadcaster::journal
