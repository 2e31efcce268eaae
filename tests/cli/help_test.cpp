// Help and wrong usage, in both languages.
#include <gtest/gtest.h>

#include "tests/cli/program.hpp"
#include "tests/support/places.hpp"

namespace broadcaster::cli {
namespace {

constexpr auto plan_help_en =
    "Make the plan of an alert: every message, every destination, ready to be signed\n"
    "Usage: broadcaster plan [OPTIONS] ALERT\n"
    "\n"
    "What:\n"
    "  ALERT VALUE (required)          Alert file\n"
    "\n"
    "Options:\n"
    "  -h,--help                       Show this help\n"
    "  -o,--out VALUE (required)       Plan file to write\n"
    "  --key VALUE                     Key file of who signs (default: $BROADCASTER_KEY)\n"
    "  --passphrase-file VALUE         For programs: file that holds the passphrase\n"
    "  --skip-bad-rows                 Leave out rows of recipients that have mistakes\n"
    "  --no-page                       Call nobody about the plan (else duty.yaml says who is called to approve it)\n"
    "\n"
    "Example:\n"
    "  broadcaster plan alert.yaml -o alert.plan --key sari.key\n"
    "\n"
    "“broadcaster --help” lists the options that all commands share, such as --config and --lang.\n\n";

constexpr auto keys_help_id =
    "Kunci petugas: buat atau tampilkan\n"
    "Cara pakai: broadcaster keys [PILIHAN] [PERINTAH]\n"
    "\n"
    "Pilihan:\n"
    "  -h,--help                       Tampilkan bantuan ini\n"
    "\n"
    "Perintah:\n"
    "  new                             Buat pasangan kunci dan cetak barisnya untuk people.yaml\n"
    "  show                            Tampilkan pemilik sebuah berkas kunci\n";

TEST(Help, LooksLikeThis) {
  const auto english = run({.arguments = {"plan", "--help", "--lang", "en"}});
  EXPECT_EQ(english.status, 0);
  EXPECT_EQ(english.out, plan_help_en);
  EXPECT_EQ(english.err, "");
  EXPECT_TRUE(run({.arguments = {"--lang=id", "keys", "--help"}}).out.starts_with(keys_help_id));
}

TEST(Help, EveryCommandShowsAnExample) {
  for (const std::vector<std::string>& command : {std::vector<std::string>{"keys", "new"},
                                                  {"keys", "show"},
                                                  {"check"},
                                                  {"new"},
                                                  {"import"},
                                                  {"export"},
                                                  {"plan"},
                                                  {"show"},
                                                  {"approve"},
                                                  {"send"},
                                                  {"status"},
                                                  {"feeds"},
                                                  {"feeds", "dismiss"},
                                                  {"halt"},
                                                  {"cancel"},
                                                  {"record", "verify"},
                                                  {"record", "key"},
                                                  {"record", "export"},
                                                  {"record", "erase"},
                                                  {"serve"},
                                                  {"drill"},
                                                  {"range"}})
    for (const auto& [language, heading] :
         {std::pair{"en", "Example:\n  broadcaster "}, {"id", "Contoh:\n  broadcaster "}}) {
      auto arguments = command;
      arguments.insert(arguments.end(), {"--help", "--lang", language});
      const auto help = run({.arguments = arguments});
      EXPECT_EQ(help.status, 0) << command.front();
      EXPECT_NE(help.out.find(heading + command.front()), std::string::npos) << help.out;
      EXPECT_EQ(help.out.find("<<"), std::string::npos) << "a text is missing: " << help.out;
    }
}

TEST(Help, TheAgencysLanguageIsTheDefault) {
  const auto help = run({.arguments = {"check", "--help", "--config", places::source("config")}});
  EXPECT_NE(help.out.find("Cara pakai"), std::string::npos) << help.out;
  EXPECT_NE(run({.arguments = {"check", "--help"}, .folder = "/"}).out.find("Usage"), std::string::npos);
}

struct Wrong {
  std::vector<std::string> arguments;
  std::string english, indonesian;
};

TEST(Usage, AMistakeIsExit2AndSaysWhatIsMeant) {
  const Wrong all[] = {
      {{"plan", "a.yaml", "-o", "p", "--frob"},
       "not understood: --frob\nSee: broadcaster plan --help\n",
       "tidak dimengerti: --frob\nLihat: broadcaster plan --help\n"},
      {{"frobnicate"},
       "not understood: frobnicate\nSee: broadcaster --help\n",
       "tidak dimengerti: frobnicate\nLihat: broadcaster --help\n"},
      {{"keys", "new"},
       "missing: NAME\nSee: broadcaster keys new --help\n",
       "belum diisi: NAME\nLihat: broadcaster keys new --help\n"},
      {{"status", "--config"},
       "--config needs a value\nSee: broadcaster status --help\n",
       "--config memerlukan nilai\nLihat: broadcaster status --help\n"},
      {{"status", "--mode", "real"},
       "--mode: expected live or drill, found “real”\n",
       "--mode: seharusnya live atau drill, tertulis “real”\n"},
      {{"range", "--port", "99999"},
       "--port: expected a port from 0 to 65535, found “99999”\n",
       "--port: seharusnya port dari 0 sampai 65535, tertulis “99999”\n"},
  };
  for (const auto& wrong : all)
    for (const auto& [language, said] : {std::pair{"en", wrong.english}, {"id", wrong.indonesian}}) {
      auto arguments = wrong.arguments;
      arguments.insert(arguments.begin(), {"--lang", language});
      const auto ended = run({.arguments = arguments, .folder = "/"});
      EXPECT_EQ(ended.status, 2) << said;
      EXPECT_EQ(ended.err, said);
      EXPECT_EQ(ended.out, "");
    }
  EXPECT_EQ(run({.arguments = {"check", "--lang", "fr"}, .folder = "/"}).status, 2);
}

TEST(Usage, NoCommandShowsWhatThereIs) {
  const auto ended = run({.arguments = {"--lang", "en"}});
  EXPECT_EQ(ended.status, 2);
  EXPECT_TRUE(ended.err.starts_with("Which command?\n")) << ended.err;
  EXPECT_NE(ended.err.find("  approve "), std::string::npos) << ended.err;
}

}  // namespace
}  // namespace broadcaster::cli
