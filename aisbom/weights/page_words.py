"""The words of the page for a judge, in English and Korean."""

from __future__ import annotations

from collections.abc import Mapping

EN: Mapping[str, str] = {
    "title": "Do two models have a common origin?",
    "asked": "What was asked",
    "asked-text": (
        "Whether the numbers inside model B come from model A, or both from a third, or whether"
        " they were found independently by two separate trainings. A model is a long list of such"
        " numbers (weights). Training starts from random ones, so two separate trainings do not"
        " arrive at the same."
    ),
    "found": "What was found",
    "identical": "The numbers are the same.",
    "identical-after-transform": (
        "The numbers are the same after rounding, reordering or another layout."
    ),
    "quantised-copy": "B holds the numbers of A, rounded to a coarse grid.",
    "common-origin": "The two have a common origin.",
    "no-common-origin": "No common origin was found, and a copy would have been seen.",
    "not-comparable": "The two cannot be compared. Nothing follows, in either direction.",
    "inconclusive": (
        "The comparison does not settle the question: neither an accusation nor a clearance."
    ),
    "odds": "The odds",
    "odds-low": (
        "If the two had been trained independently, a result like this would come about less than"
        " once in {times} comparisons such as this one."
    ),
    "odds-none": "The result is what two independent trainings would be expected to give.",
    "million": "a million",
    "billion": "a billion",
    "beyond": "a number of {digits} digits",
    "exact": (
        "This is a proven upper bound. It follows from the fact alone that the inner units"
        " (neurons) of a model bear arbitrary numbers: by chance about one sits in the same place"
        " in two models."
    ),
    "empirical": (
        "This is not a proven bound: units were matched twice by separate tables of numbers, and"
        " the allowance for chance was measured, with a margin, on independent models."
    ),
    "modelled": "This is the modelled chance that independent tables hold the same numbers.",
    "controls": "How the method was checked on this very pair",
    "relabelled": (
        "The units of B were numbered anew at random {times} times: {mean} sat in the same place on"
        " average, {most} at most. Without renumbering: {here}."
    ),
    "shifted": "Layers that do not belong together, {pairs} pairs: {most} units in place at most.",
    "unrelated": "Unrelated model {name}: {most} of {of} units in place at most.",
    "unrelated-none": "No unrelated model with comparable units was at hand.",
    "factor": "The odds are corrected for all {factor} pairs of tables that were looked at.",
    "hide": "What could be done to a copy, and whether it would have been seen",
    "what": "change that leaves the model as it works",
    "status": "seen through?",
    "hide-signs": "signs and scales of inner units",
    "hide-heads": "parts of attention in another order or turned",
    "hide-rotated": "the inner coordinates turned (as programs that shrink models do)",
    "hide-moved": "scales moved from one table into another",
    "hide-order": "inner units in another order",
    "hide-labels": "words of the vocabulary numbered anew, or another vocabulary pretended",
    "hide-channels": "channels of image or sound filters in another order",
    "tested": "yes",
    "excluded": "does not matter",
    "assumed": "assumed",
    "untested": "NO",
    "kept": "from a likeness of {r} on",
    "not-said": "What is not said",
    "direction": (
        "Who had the numbers first. That is not in the numbers; it takes dates or a registry."
    ),
    "seed": (
        "That anybody copied. Two trainings that one program started from the same random numbers"
        " show the same sign."
    ),
    "distilled": (
        "Anything about training on another model's answers (distillation): it leaves no trace in"
        " the numbers."
    ),
    "licence": "Whether the use was allowed. That is a question of licences, not of numbers.",
    "cosine": (
        "Likeness of normalisation weights: {value}, and {shuffled} after shuffling them. It is"
        " high for any two models and is no evidence."
    ),
    "again": "To repeat this",
    "again-text": (
        "`aisbom weights compare A B` on the same two files gives the same page. Digest of A {a},"
        " of B {b}; the sampling seed {seed} follows from both and was chosen by nobody."
    ),
}
KO: Mapping[str, str] = {
    "title": "두 모델의 기원이 같은가?",
    "asked": "물은 것",
    "asked-text": (
        "모델 B 안의 수(가중치)가 모델 A에서 왔는지, 둘이 제3의 모델에서 왔는지, 아니면 서로 독립된"
        " 두 학습에서 나왔는지를 물었다. 모델은 이러한 수의 긴 목록이다. 학습은 무작위 수에서"
        " 시작하므로, 따로 이루어진 두 학습은 같은 수에 이르지 않는다."
    ),
    "found": "확인된 것",
    "identical": "수가 서로 같다.",
    "identical-after-transform": "반올림, 순서 변경 또는 배치 변경을 되돌리면 수가 서로 같다.",
    "quantised-copy": "B는 A의 수를 성긴 격자로 반올림한 것을 담고 있다.",
    "common-origin": "두 모델은 기원이 같다.",
    "no-common-origin": "공통 기원이 발견되지 않았으며, 복사본이었다면 드러났을 것이다.",
    "not-comparable": "두 모델은 비교할 수 없다. 어느 쪽으로도 결론이 나오지 않는다.",
    "inconclusive": "이 비교로는 판단할 수 없다. 혐의도 아니고 혐의 없음의 확인도 아니다.",
    "odds": "우연일 확률",
    "odds-low": (
        "두 모델이 독립적으로 학습되었다면, 이러한 결과는 이와 같은 비교 {times} 번에"
        " 한 번보다 드물게 나온다."
    ),
    "odds-none": "독립된 두 학습에서 예상되는 결과와 다르지 않다.",
    "million": "백만",
    "billion": "십억",
    "beyond": "{digits}자리 수만큼의",
    "exact": (
        "이는 증명된 상한이다. 모델 내부 단위(뉴런)의 번호가 임의라는 사실만으로 성립한다."
        " 우연히 같은 자리에 놓이는 단위는 두 모델 사이에 평균 하나 정도이다."
    ),
    "empirical": (
        "이는 증명된 상한이 아니다. 서로 다른 두 수의 표로 단위를 두 번 짝지었고,"
        " 우연에 대한 여유는 독립된 모델들에서 측정하여 넉넉히 잡았다."
    ),
    "modelled": "독립된 표가 같은 수를 담을 확률을 모형으로 계산한 값이다.",
    "controls": "바로 이 두 모델로 방법을 점검한 결과",
    "relabelled": (
        "B의 단위 번호를 무작위로 {times}번 다시 매겼다. 같은 자리에 놓인 단위는"
        " 평균 {mean}개, 최대 {most}개였다. 번호를 바꾸지 않았을 때는 {here}개이다."
    ),
    "shifted": "서로 대응하지 않는 층 {pairs}쌍: 같은 자리의 단위는 최대 {most}개.",
    "unrelated": "무관한 모델 {name}: 단위 {of}개 가운데 최대 {most}개가 같은 자리.",
    "unrelated-none": "비교할 수 있는 단위를 가진 무관한 모델이 없었다.",
    "factor": "확률은 살펴본 표의 쌍 {factor}개 모두를 고려하여 보정하였다.",
    "hide": "복사본에 가할 수 있는 변경과, 그것을 꿰뚫어 보았는지 여부",
    "what": "모델의 작동을 바꾸지 않는 변경",
    "status": "확인되는가",
    "hide-signs": "내부 단위의 부호와 크기",
    "hide-heads": "어텐션 부분의 순서 변경이나 회전",
    "hide-rotated": "내부 좌표의 회전(모델을 줄이는 프로그램이 하는 것)",
    "hide-moved": "한 표에서 다른 표로 옮긴 크기",
    "hide-order": "내부 단위의 순서 변경",
    "hide-labels": "어휘의 번호를 새로 매기거나 다른 어휘로 꾸밈",
    "hide-channels": "영상 또는 음성 필터 채널의 순서 변경",
    "tested": "예",
    "excluded": "해당 없음",
    "assumed": "가정함",
    "untested": "아니요",
    "kept": "유사도 {r} 이상이면",
    "not-said": "말하지 않는 것",
    "direction": "누가 먼저 가졌는지. 이는 수에 들어 있지 않으며 날짜나 등록 기록이 필요하다.",
    "seed": (
        "누군가 복사했다는 것. 같은 프로그램이 같은 무작위 수에서 시작한 두 학습도"
        " 같은 징후를 보인다."
    ),
    "distilled": "다른 모델의 답변으로 학습했는지(증류). 이는 수에 흔적을 남기지 않는다.",
    "licence": "사용이 허용되었는지. 이는 수가 아니라 이용 허락의 문제이다.",
    "cosine": (
        "정규화 가중치의 유사도는 {value}, 섞은 뒤에도 {shuffled}이다. 어떤 두 모델에서나 높으므로"
        " 증거가 아니다."
    ),
    "again": "다시 확인하려면",
    "again-text": (
        "같은 두 파일에 `aisbom weights compare A B`를 실행하면 같은 결과가 나온다. A의 다이제스트"
        " {a}, B의 다이제스트 {b}. 표본 추출의 시드 {seed}는 두 파일에서 정해지며 누구도 고르지"
        " 않았다."
    ),
}
WORDS: Mapping[str, Mapping[str, str]] = {"en": EN, "ko": KO}
