#include "results/export/method_sources.hpp"

#include <algorithm>
#include <set>

namespace fairsweep::exports {
namespace {

constexpr Source k_pafo{
    "zhao2026pafo",
    "@misc{zhao2026pafo,\n"
    "  author        = {Xiaoyan Zhao and Haoting Ni and Yang Zhang and Chunyuan Zheng and Haoxuan Li and Fuli Feng},\n"
    "  title         = {Pareto Fairness Optimization for Personalized Reward Modeling},\n"
    "  year          = {2026},\n"
    "  eprint        = {2606.07988},\n"
    "  archivePrefix = {arXiv},\n"
    "  note          = {fairsweep is PAFO-style, reconstructed from the abstract}\n"
    "}\n",
    "the idea of the methods pafo, pafo_dvao and dvao_listwise: PAFO-style, reconstructed from the abstract, no "
    "reproduction"};
constexpr Source k_dvao{
    "jiang2026dvao",
    "@misc{jiang2026dvao,\n"
    "  author        = {Guochao Jiang and Jingyi Song and Guofeng Quan and Chuzhan Hao and Guohua Liu and Yuewei "
    "Zhang},\n"
    "  title         = {{DVAO}: Dynamic Variance-adaptive Advantage Optimization for Multi-reward {RL}},\n"
    "  year          = {2026},\n"
    "  eprint        = {2605.25604},\n"
    "  archivePrefix = {arXiv}\n"
    "}\n",
    "the weights of the methods pafo_dvao, dvao_listwise, dvao_weighted and dvao_gradient, adapted to reward models by "
    "us"};
constexpr Source k_group_dro{
    "sagawa2020distributionally",
    "@inproceedings{sagawa2020distributionally,\n"
    "  author    = {Sagawa and Koh and Hashimoto and Liang},\n"
    "  title     = {Distributionally Robust Neural Networks},\n"
    "  booktitle = {ICLR},\n"
    "  year      = {2020},\n"
    "  note      = {arXiv 1911.08731}\n"
    "}\n",
    "the method group_dro; first names and the full title are to be completed from arXiv 1911.08731"};
constexpr Source k_heterogeneous{
    "shirali2025direct",
    "@inproceedings{shirali2025direct,\n"
    "  author    = {Ali Shirali and Arash Nasr-Esfahany and Abdullah Alomar and Parsa Mirtaheri and Rediet Abebe and "
    "Ariel Procaccia},\n"
    "  title     = {Direct Alignment with Heterogeneous Preferences},\n"
    "  booktitle = {NeurIPS},\n"
    "  year      = {2025},\n"
    "  note      = {arXiv 2502.16320}\n"
    "}\n",
    "the methods first_order, joint_likelihood, agreement and typewise_average, on reward models"};
constexpr Source k_calibration{"guo2017calibration",
                               "@inproceedings{guo2017calibration,\n"
                               "  author    = {Guo and Pleiss and Sun and Weinberger},\n"
                               "  title     = {On Calibration of Modern Neural Networks},\n"
                               "  booktitle = {ICML},\n"
                               "  year      = {2017}\n"
                               "}\n",
                               "the scale of the teachers' margins (temperature); first names are to be completed"};
constexpr Source k_owen{"owen1995randomly",
                        "@incollection{owen1995randomly,\n"
                        "  author = {A. B. Owen},\n"
                        "  title  = {Randomly permuted (t,m,s)-nets and (t,s)-sequences},\n"
                        "  series = {Lecture Notes in Statistics},\n"
                        "  volume = {106},\n"
                        "  year   = {1995}\n"
                        "}\n",
                        "the scrambling of the Sobol' sequence of the search"};
constexpr Source k_sobol{"", "",
                         "the search: I. M. Sobol', USSR Comput. Math. Math. Phys. 7 (1967), with direction numbers of "
                         "S. Joe and F. Y. Kuo, SIAM J. Sci. Comput. 30 (2008)"};
constexpr Source k_likelihood{"", "",
                              "the likelihood of all methods: Plackett 1975 and Luce 1959; of single choices the "
                              "conditional logit, McFadden 1974"};
constexpr Source k_adamw{"", "", "the optimiser, AdamW: Loshchilov and Hutter, ICLR 2019"};
constexpr Source k_bootstrap{"", "",
                             "intervals and p-values over people: B. Efron, Ann. Statist. 7 (1979); their adjustment: "
                             "S. Holm, Scand. J. Statist. 6 (1979)"};

bool uses(const RunExport& run, const std::string& method, const std::string& option, const std::string& value) {
  return std::ranges::any_of(run.run.record.configurations, [&](const Configuration& configuration) {
    const Settings settings = run.run.all_settings(configuration);
    const auto name = settings.find("method.name"), place = settings.find(option);
    return name != settings.end() && to_text(name->second) == method && place != settings.end() &&
           to_text(place->second) == value;
  });
}

}  // namespace

std::vector<std::string> methods_used(const RunExport& run) {
  std::set<std::string> methods;
  for (const TrialRecord& trial : run.run.record.trials) {
    if (trial.attempts > 0 || trial.state == TrialState::reported)
      methods.insert(report::method_of(run.run, report::configuration_of(run.run.record, trial.configuration)));
  }
  methods.erase("-");
  return {methods.begin(), methods.end()};
}

std::string_view method_note(std::string_view method) {
  if (method == "pafo")
    return "PAFO-style, reconstructed from the abstract of arXiv 2606.07988";
  if (method == "pafo_dvao")
    return "PAFO-style, reconstructed from the abstract of arXiv 2606.07988, with the weights of DVAO (arXiv "
           "2605.25604) adapted to reward models";
  if (method == "dvao_listwise")
    return "the objective of DVAO (arXiv 2605.25604) adapted to reward models, with the teachers of PAFO-style "
           "training, "
           "reconstructed from the abstract of arXiv 2606.07988";
  if (method == "dvao_weighted")
    return "the weights of DVAO (arXiv 2605.25604) put on the losses of groups, an ablation of ours";
  if (method == "dvao_gradient")
    return "the weights of DVAO (arXiv 2605.25604) put on the gradients of groups, an ablation of ours";
  return "";
}

std::vector<Source> sources_of(const RunExport& run) {
  std::vector<Source> sources;
  const std::vector<std::string> methods = methods_used(run);
  const auto used = [&](std::string_view method) { return std::ranges::find(methods, method) != methods.end(); };
  if (used("pafo") || used("pafo_dvao") || used("dvao_listwise"))
    sources.push_back(k_pafo);
  if (used("pafo_dvao") || used("dvao_listwise") || used("dvao_weighted") || used("dvao_gradient"))
    sources.push_back(k_dvao);
  if (used("group_dro"))
    sources.push_back(k_group_dro);
  if (used("first_order") || used("joint_likelihood") || used("agreement") || used("typewise_average"))
    sources.push_back(k_heterogeneous);
  if (used("pafo") && uses(run, "pafo", "method.pafo.scale", "temperature"))
    sources.push_back(k_calibration);
  if (option_of(run, "search.strategy") == "sobol") {
    sources.push_back(k_owen);
    sources.push_back(k_sobol);
  }
  if (option_of(run, "trainer.command") == "[]") {
    sources.push_back(k_likelihood);
    sources.push_back(k_adamw);
  }
  if (!run.reference.differences.empty())
    sources.push_back(k_bootstrap);
  return sources;
}

}  // namespace fairsweep::exports
