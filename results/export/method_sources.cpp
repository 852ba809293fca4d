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
    "  author    = {Shiori Sagawa and Pang Wei Koh and Tatsunori B. Hashimoto and Percy Liang},\n"
    "  title     = {Distributionally Robust Neural Networks for Group Shifts: On the Importance of Regularization for "
    "Worst-Case Generalization},\n"
    "  booktitle = {ICLR},\n"
    "  year      = {2020},\n"
    "  note      = {arXiv 1911.08731}\n"
    "}\n",
    "the method group_dro"};
constexpr Source k_group_robust{"ramesh2024group",
                                "@inproceedings{ramesh2024group,\n"
                                "  author    = {Shyam Sundhar Ramesh and Yifan Hu and Iason Chaimalas and Viraj Mehta "
                                "and Pier Giuseppe Sessa and Haitham Bou Ammar and Ilija Bogunovic},\n"
                                "  title     = {Group Robust Preference Optimization in Reward-free {RLHF}},\n"
                                "  booktitle = {NeurIPS},\n"
                                "  year      = {2024},\n"
                                "  note      = {arXiv 2405.20304}\n"
                                "}\n",
                                "the method group_robust, on reward models"};
constexpr Source k_mgda{"desideri2012multiple",
                        "@article{desideri2012multiple,\n"
                        "  author  = {Jean-Antoine D{\\'e}sid{\\'e}ri},\n"
                        "  title   = {Multiple-gradient descent algorithm ({MGDA}) for multiobjective optimization},\n"
                        "  journal = {Comptes Rendus Math{\\'e}matique},\n"
                        "  volume  = {350},\n"
                        "  year    = {2012}\n"
                        "}\n",
                        "the method mgda"};
constexpr Source k_mgda_deep{"sener2018multi",
                             "@inproceedings{sener2018multi,\n"
                             "  author    = {Ozan Sener and Vladlen Koltun},\n"
                             "  title     = {Multi-Task Learning as Multi-Objective Optimization},\n"
                             "  booktitle = {NeurIPS},\n"
                             "  year      = {2018}\n"
                             "}\n",
                             "the method mgda, in deep models"};
constexpr Source k_pcgrad{"yu2020gradient",
                          "@inproceedings{yu2020gradient,\n"
                          "  author    = {Tianhe Yu and Saurabh Kumar and Abhishek Gupta and Sergey Levine and Karol "
                          "Hausman and Chelsea Finn},\n"
                          "  title     = {Gradient Surgery for Multi-Task Learning},\n"
                          "  booktitle = {NeurIPS},\n"
                          "  year      = {2020}\n"
                          "}\n",
                          "the method pcgrad"};
constexpr Source k_cagrad{"liu2021conflict",
                          "@inproceedings{liu2021conflict,\n"
                          "  author    = {Bo Liu and Xingchao Liu and Xiaojie Jin and Peter Stone and Qiang Liu},\n"
                          "  title     = {Conflict-Averse Gradient Descent for Multi-task Learning},\n"
                          "  booktitle = {NeurIPS},\n"
                          "  year      = {2021}\n"
                          "}\n",
                          "the method cagrad"};
constexpr Source k_nash_mtl{"navon2022multi",
                            "@inproceedings{navon2022multi,\n"
                            "  author    = {Aviv Navon and Aviv Shamsian and Idan Achituve and Haggai Maron and Kenji "
                            "Kawaguchi and Gal Chechik and Ethan Fetaya},\n"
                            "  title     = {Multi-Task Learning as a Bargaining Game},\n"
                            "  booktitle = {ICML},\n"
                            "  year      = {2022}\n"
                            "}\n",
                            "the method nash_mtl"};
constexpr Source k_upgrad{"quinton2024jacobian",
                          "@misc{quinton2024jacobian,\n"
                          "  author        = {Pierre Quinton and Val{\\'e}rian Rey},\n"
                          "  title         = {Jacobian Descent for Multi-Objective Optimization},\n"
                          "  year          = {2024},\n"
                          "  eprint        = {2406.16232},\n"
                          "  archivePrefix = {arXiv}\n"
                          "}\n",
                          "the method upgrad, and the use of dual_proj"};
constexpr Source k_dual_proj{"lopezpaz2017gradient",
                             "@inproceedings{lopezpaz2017gradient,\n"
                             "  author    = {David Lopez-Paz and Marc'Aurelio Ranzato},\n"
                             "  title     = {Gradient Episodic Memory for Continual Learning},\n"
                             "  booktitle = {NeurIPS},\n"
                             "  year      = {2017}\n"
                             "}\n",
                             "the projection of the method dual_proj"};
constexpr Source k_epo{"mahapatra2020multi",
                       "@inproceedings{mahapatra2020multi,\n"
                       "  author    = {Debabrata Mahapatra and Vaibhav Rajan},\n"
                       "  title     = {Multi-Task Learning with User Preferences: Gradient Descent with Controlled "
                       "Ascent in {P}areto Optimization},\n"
                       "  booktitle = {ICML},\n"
                       "  year      = {2020}\n"
                       "}\n",
                       "the method epo"};
constexpr Source k_smooth_tchebycheff{
    "lin2024smooth",
    "@inproceedings{lin2024smooth,\n"
    "  author    = {Xi Lin and Xiaoyuan Zhang and Zhiyuan Yang and Fei Liu and Zhenkun Wang and Qingfu Zhang},\n"
    "  title     = {Smooth {T}chebycheff Scalarization for Multi-Objective Optimization},\n"
    "  booktitle = {ICML},\n"
    "  year      = {2024}\n"
    "}\n",
    "the method smooth_tchebycheff"};
constexpr Source k_famo{"liu2023famo",
                        "@inproceedings{liu2023famo,\n"
                        "  author    = {Bo Liu and Yihao Feng and Peter Stone and Qiang Liu},\n"
                        "  title     = {{FAMO}: Fast Adaptive Multitask Optimization},\n"
                        "  booktitle = {NeurIPS},\n"
                        "  year      = {2023}\n"
                        "}\n",
                        "the method famo"};
constexpr Source k_reward_fairness{
    "ouyang2025towards",
    "@inproceedings{ouyang2025towards,\n"
    "  author    = {S. Ouyang and Y. Hu and G. Chen and Q. Li and F. Zhang and Y. Liu},\n"
    "  title     = {Towards Reward Fairness in {RLHF}: From a Resource Allocation Perspective},\n"
    "  booktitle = {ACL},\n"
    "  year      = {2025},\n"
    "  note      = {arXiv 2505.23349}\n"
    "}\n",
    "the method reward_fairness; first names are to be completed"};
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
constexpr Source k_em_dpo{
    "chidambaram2026ternary",
    "@inproceedings{chidambaram2026ternary,\n"
    "  author    = {Keertana Chidambaram and Karthik Vinay Seetharaman and Vasilis Syrgkanis},\n"
    "  title     = {Direct Preference Optimization With Unobserved Preference Heterogeneity: The Necessity of Ternary "
    "Preferences},\n"
    "  booktitle = {AISTATS},\n"
    "  year      = {2026},\n"
    "  note      = {PMLR 300:4555-4563, arXiv 2510.15716}\n"
    "}\n",
    "the hidden types of the method types, by EM on reward models, and the regret of the method min_max_regret, by an "
    "exact "
    "linear programme"};
constexpr Source k_max_min{
    "chakraborty2024maxmin",
    "@inproceedings{chakraborty2024maxmin,\n"
    "  author    = {Souradip Chakraborty and Jiahao Qiu and Hui Yuan and Alec Koppel and Dinesh "
    "Manocha and Furong Huang "
    "and Amrit Singh Bedi and Mengdi Wang},\n"
    "  title     = {{MaxMin-RLHF}: Alignment with Diverse Human Preferences},\n"
    "  booktitle = {ICML},\n"
    "  year      = {2024},\n"
    "  note      = {arXiv 2402.08925}\n"
    "}\n",
    "the method max_min_types, on reward models, and the aim of the method max_min, on mixtures of them"};
constexpr Source k_soup{"rame2023rewarded",
                        "@inproceedings{rame2023rewarded,\n"
                        "  author    = {Alexandre Ram{\\'e} and Guillaume Couairon and Corentin Dancette and "
                        "Jean-Baptiste Gaya and Mustafa Shukor and Laure Soulier and Matthieu Cord},\n"
                        "  title     = {Rewarded soups: towards {Pareto}-optimal alignment by interpolating weights "
                        "fine-tuned on diverse rewards},\n"
                        "  booktitle = {NeurIPS},\n"
                        "  year      = {2023},\n"
                        "  note      = {arXiv 2306.04488}\n"
                        "}\n",
                        "the method soup, on reward models"};
constexpr Source k_personal_soup{
    "jang2023personalized",
    "@article{jang2023personalized,\n"
    "  author  = {Joel Jang and Seungone Kim and Bill Yuchen Lin and Yizhong Wang and Jack "
    "Hessel and Luke Zettlemoyer and Hannaneh Hajishirzi and Yejin Choi and Prithviraj "
    "Ammanabrolu},\n"
    "  title   = {Personalized Soups: Personalized Large Language Model Alignment via "
    "Post-hoc Parameter Merging},\n"
    "  journal = {arXiv preprint arXiv:2310.11564},\n"
    "  year    = {2023}\n"
    "}\n",
    "the method personal_soup, on reward models; that answers choose the weights is ours"};
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

/// Works and the methods they are behind. Methods that are standard (pooled, reweighted, oversampled, linear,
/// minimax_users) are in none.
struct WorkOfMethods {
  const Source& source;
  std::vector<std::string_view> methods;
};

const std::vector<WorkOfMethods>& works() {
  static const std::vector<WorkOfMethods> all = {
      {k_pafo, {"pafo", "pafo_dvao", "dvao_listwise"}},
      {k_dvao, {"pafo_dvao", "dvao_listwise", "dvao_weighted", "dvao_gradient"}},
      {k_group_dro, {"group_dro"}},
      {k_group_robust, {"group_robust"}},
      {k_reward_fairness, {"reward_fairness"}},
      {k_mgda, {"mgda"}},
      {k_mgda_deep, {"mgda"}},
      {k_pcgrad, {"pcgrad"}},
      {k_cagrad, {"cagrad"}},
      {k_nash_mtl, {"nash_mtl"}},
      {k_upgrad, {"upgrad", "dual_proj"}},
      {k_dual_proj, {"dual_proj"}},
      {k_epo, {"epo"}},
      {k_smooth_tchebycheff, {"smooth_tchebycheff"}},
      {k_famo, {"famo"}},
      {k_heterogeneous, {"first_order", "joint_likelihood", "agreement", "typewise_average"}},
      {k_em_dpo, {"types", "min_max_regret"}},
      {k_max_min, {"max_min_types", "max_min"}},
      {k_soup, {"soup", "personal_soup"}},
      {k_personal_soup, {"personal_soup"}},
  };
  return all;
}

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

bool has_source(std::string_view method) {
  return std::ranges::any_of(works(), [&](const WorkOfMethods& work) {
    return std::ranges::find(work.methods, method) != work.methods.end();
  });
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
  for (const WorkOfMethods& work : works()) {
    if (std::ranges::any_of(methods, [&](const std::string& method) {
          return std::ranges::find(work.methods, method) != work.methods.end();
        }))
      sources.push_back(work.source);
  }
  if (uses(run, "pafo", "method.pafo.scale", "temperature"))
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
