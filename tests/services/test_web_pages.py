"""The pages over the whole system: who may see them, what they show, what they refuse."""

import html
import re
import time
from collections.abc import Iterator

import httpx
import pytest

from services.kernel.http.local_credential import LocalCredential
from services.web.pages import OPENINGS_LISTED
from tests.builders import new_posting
from tests.embedded_server import embedded_server
from tests.registers import person, table, xlsx

ELSEWHERE = "yungong.example"
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The whole system: its URL, and its credential."""
    data = tmp_path_factory.mktemp("var")
    with embedded_server(data) as url:
        yield url, LocalCredential.read(data)


@pytest.fixture
def browser(served: tuple[str, str]) -> Iterator[httpx.Client]:
    """A browser on the server's own machine."""
    with httpx.Client(base_url=served[0]) as client:
        yield client


@pytest.fixture
def visitor(served: tuple[str, str]) -> Iterator[httpx.Client]:
    """A browser that came by another name: another machine's, or a page's whose name was pointed here."""
    with httpx.Client(base_url=served[0], headers={"Host": ELSEWHERE}) as client:
        yield client


@pytest.fixture
def interface(served: tuple[str, str]) -> Iterator[httpx.Client]:
    """A client of the interface."""
    with httpx.Client(base_url=served[0], headers={"Authorization": f"Bearer {served[1]}"}) as client:
        yield client


def csrf(browser: httpx.Client) -> dict[str, str]:
    """The header that a change from our page carries."""
    found = re.search(r'"X-CSRF-Token": "([^"]+)"', browser.get("/").text)
    assert found
    return {"X-CSRF-Token": found[1]} | FRAGMENT


def imported(browser: httpx.Client, content: bytes, kind: str = "workers") -> str:
    """The fragment that tells how an import ended."""
    answer = browser.post(f"/imports/{kind}", files={"file": ("台账.xlsx", content)}, headers=csrf(browser))
    assert answer.status_code == 200
    while following := re.search(r'hx-get="(/imports/[^"]+)"', answer.text):
        time.sleep(0.02)
        answer = browser.get(following[1], headers=FRAGMENT)
    assert answer.headers["hx-trigger"] == "imported"
    return answer.text


def searchable(browser: httpx.Client) -> None:
    """Wait until the page says that everything is searchable."""
    for _look in range(1000):
        if "已同步" in browser.get("/counts").text:
            return
        time.sleep(0.02)
    raise AssertionError("not searchable in time")


def test_a_browser_on_this_machine_needs_no_key(browser: httpx.Client) -> None:
    page = browser.get("/")
    assert page.status_code == 200
    assert "招人的岗位" in page.text
    assert browser.cookies


def test_others_are_asked_for_the_credential(visitor: httpx.Client) -> None:
    for path in ("/", "/counts", "/openings", "/openings/p_1", "/people/w_1", "/imports/workers/imp_1"):
        page = visitor.get(path)
        assert page.status_code == 401
        assert 'name="credential"' in page.text
    assert (visitor.get("/counts", headers=FRAGMENT)).headers["hx-redirect"] == "/"
    assert not visitor.cookies


def test_signing_in_and_out(visitor: httpx.Client, served: tuple[str, str]) -> None:
    wrong = visitor.post("/sign-in", data={"credential": "local.wrong"})
    assert wrong.status_code == 401
    assert "凭证不对" in wrong.text
    done = visitor.post("/sign-in", data={"credential": served[1]})
    assert (done.status_code, done.headers["location"]) == (303, "/")
    assert (visitor.get("/")).status_code == 200
    gone = visitor.post("/sign-out", headers={"Origin": f"http://{ELSEWHERE}"})
    assert (gone.status_code, gone.headers["location"]) == (303, "/sign-in")
    assert 'name="credential"' in visitor.get("/sign-in").text
    assert (visitor.get("/")).status_code == 401


def test_forms_of_other_sites_do_nothing(browser: httpx.Client) -> None:
    foreign = {"Origin": "http://evil.example"}
    assert browser.post("/sign-in", data={"credential": "x"}, headers=foreign).status_code == 403
    assert browser.post("/sign-out", headers=foreign).status_code == 403


def test_an_import_without_the_pages_token_is_refused(browser: httpx.Client, interface: httpx.Client) -> None:
    refused, taken = person(90), person(91)
    answer = browser.post("/imports/workers", files={"file": ("台账.xlsx", xlsx(table([refused])))}, headers=FRAGMENT)
    assert answer.status_code == 403
    assert "刷新" in answer.text
    imported(browser, xlsx(table([taken])))  # imports run one after another: had the first been taken, it would be done
    held = [interface.get("/v1/workers", params={"number": one["序号"]}).json()["items"] for one in (refused, taken)]
    assert [len(found) for found in held] == [0, 1]


def test_where_scripts_are_off_a_sheet_goes_in_by_a_plain_form(browser: httpx.Client) -> None:
    form = re.search(
        r'<form class="upload" method="post" action="([^"]+)" enctype="multipart/form-data"', browser.get("/").text
    )
    assert form
    sheet = {"file": ("台账.xlsx", xlsx(table([person(7)])))}
    assert browser.post(form[1], files=sheet, headers={"Origin": "http://evil.example"}).status_code == 403
    assert browser.post(form[1], files=sheet).status_code == 403
    taken = browser.post(form[1], files=sheet, headers={"Origin": str(browser.base_url).rstrip("/")}, follow_redirects=True)
    assert taken.url.path.startswith("/imports/workers/imp_")
    assert "导入劳动力台账" in taken.text


def test_more_openings_than_a_page_holds_are_reached_with_and_without_scripts(
    browser: httpx.Client, interface: httpx.Client
) -> None:
    for index in range(OPENINGS_LISTED + 1):
        interface.post("/v1/postings", json=new_posting(number=f"M{index}")).raise_for_status()
    following = re.search(r'class="more" href="([^"]+)" hx-get="([^"]+)"', browser.get("/").text)
    assert following
    whole, fragment = (browser.get(html.unescape(path)).text for path in following.groups())
    assert "M0 ·" in whole
    assert "M0 ·" in fragment
    assert "<main" in whole
    assert "<main" not in fragment


def test_pages_are_not_stored_and_allow_only_our_own_files(browser: httpx.Client) -> None:
    for path in ("/", "/counts", "/openings/p_unknown"):
        headers = browser.get(path).headers
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "same-origin"
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def test_assets_are_served_and_may_be_kept(browser: httpx.Client) -> None:
    urls = re.findall(r'(?:src|href)="(/assets/[^"]+)"', browser.get("/").text)
    assert len(urls) == 4
    for url in urls:
        asset = browser.get(url)
        assert asset.status_code == 200
        assert "immutable" in asset.headers["cache-control"]
    documentation = browser.get("/docs")
    assert documentation.status_code == 200
    assert "script-src 'self';" in documentation.headers["content-security-policy"]
    assert re.findall(r"<script(?! src=)", documentation.text) == []
    for url in re.findall(r'(?:src|href)="(?!data:)([^"]+)"', documentation.text):
        assert url.startswith("/assets/")
        assert browser.get(url).status_code == 200


def test_an_import_shows_every_row_that_was_sent_back(browser: httpx.Client) -> None:
    shown = imported(browser, xlsx(table([person(1), person(2, 姓名=""), person(3, 县="不存在县")])))
    assert "没有姓名" in shown
    assert "不存在县" in shown
    link = re.search(r'href="(/imports/workers/[^"]+/report\.xlsx)"', shown)
    assert link
    report = browser.get(link[1])
    assert report.content.startswith(b"PK")
    assert "attachment" in report.headers["content-disposition"]


def test_a_sheet_that_cannot_be_read_says_why(browser: httpx.Client) -> None:
    assert "无法导入" in imported(browser, b"this is no sheet")


def test_openings_candidates_and_people(browser: httpx.Client, interface: httpx.Client) -> None:
    posting = interface.post("/v1/postings", json=new_posting()).json()
    imported(browser, xlsx(table([person(2, 姓名="余德珍", 意向工种="育儿嫂，带娃")])))
    searchable(browser)
    assert f"/openings/{posting['id']}" in browser.get("/openings").text

    fragment = browser.get(f"/openings/{posting['id']}", headers=FRAGMENT).text
    assert "<html" not in fragment
    assert "匹配度" in fragment
    assert "余**" in fragment
    assert "余德珍" not in fragment

    whole = browser.get(f"/openings/{posting['id']}").text
    assert "<html" in whole
    assert 'aria-current="true"' in whole

    person_link = re.search(r'href="(/people/[^"]+)"', fragment)
    assert person_link
    assert posting["title"] in browser.get(person_link[1], headers=FRAGMENT).text

    why = browser.get(f"/openings/{posting['id']}{person_link[1]}", headers=FRAGMENT).text
    assert "第 1 名" in why
    assert "意向工种“育儿嫂”" in why
    assert "余德珍" not in why


def test_what_employers_write_is_text_and_never_markup(browser: httpx.Client, interface: httpx.Client) -> None:
    interface.post("/v1/postings", json=new_posting(number="P<", title="<script>alert(1)</script>"))
    page = browser.get("/").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_what_is_not_there_is_said_in_the_page(browser: httpx.Client) -> None:
    fragment = browser.get("/openings/p_unknown", headers=FRAGMENT)
    assert fragment.status_code == 404
    assert "not_found" in fragment.text
    assert "<html" not in fragment.text
    assert "<html" in browser.get("/openings/p_unknown").text


def test_a_search_shows_what_was_understood_and_what_was_found(browser: httpx.Client) -> None:
    imported(browser, xlsx(table([person(61, 姓名="段丽仙", 意向工种="月嫂", 意向地区="上海")])))
    searchable(browser)
    page = browser.get("/").text
    assert 'action="/search"' in page
    asked = {"q": "女 想去上海的月嫂", "over": "workers"}
    assert browser.post("/search", data=asked, headers=FRAGMENT).status_code == 403, "without the page's token"
    token = re.search(r'"X-CSRF-Token": "([^"]+)"', page)
    assert token
    fragment = browser.post("/search", data=asked, headers=FRAGMENT | {"X-CSRF-Token": token[1]}).text
    assert "<html" not in fragment
    assert "想去上海市" in fragment
    assert "依法不作为检索条件" in fragment
    assert "段**" in fragment
    assert "段丽仙" not in fragment


def test_a_search_works_where_scripts_are_off_and_over_openings(browser: httpx.Client, interface: httpx.Client) -> None:
    interface.post("/v1/postings", json=new_posting(number="P61", title="住家育儿嫂"))
    searchable(browser)
    origin = {"Origin": str(browser.base_url).rstrip("/")}
    page = browser.post("/search", data={"q": "住家 <b>育儿嫂</b>", "over": "postings"}, headers=origin).text
    assert "<html" in page
    assert "共招" in page
    assert "<b>育儿嫂</b>" not in page
    assert 'value="住家 &lt;b&gt;育儿嫂&lt;/b&gt;"' in page
    assert browser.post("/search", data={"q": "保" * 300, "over": "workers"}, headers=origin).status_code == 400
