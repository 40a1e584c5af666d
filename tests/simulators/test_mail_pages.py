"""The catcher's pages and its JSON."""

from tests.simulators.hands import Catcher, mail

MANY = 10_000


def test_the_json_tells_a_message_in_plain_words(catcher: Catcher, address: str) -> None:
    catcher.send(address)
    [message] = catcher.messages(address)
    assert (message["from"], message["to"]) == ("DocFly <docfly@platform.example>", address)
    assert message["subject"] == "Accettazione contratti: perché"
    assert message["message_id"] == f"<{address}>"
    assert (message["mail_from"], message["rcpt_to"]) == ("docfly@platform.example", [address])
    assert "così" in message["text"]
    assert message["html"].startswith("<p>Accettare")
    assert [file["name"] for file in message["attachments"]] == ["contratto.pdf"]
    assert catcher.http.get(f"/messages/{message['id']}").json() == message


def test_messages_come_newest_first_and_only_the_recipients(catcher: Catcher, address: str) -> None:
    for subject in ("uno", "due", "tre"):
        catcher.send(address, message=mail(address, subject=subject))
    catcher.send("x" + address)
    assert [message["subject"] for message in catcher.messages(address)] == ["tre", "due", "uno"]
    assert len(catcher.messages(address.partition("@")[0])) == 4
    page = catcher.http.get("/messages", params={"to": address, "limit": 1, "offset": 1})
    assert ([one["subject"] for one in page.json()], page.headers["x-total-count"]) == (["due"], "3")


def test_the_list_links_to_the_message(catcher: Catcher, address: str) -> None:
    catcher.send(address)
    [message] = catcher.messages(address)
    page = catcher.http.get("/", params={"to": address})
    assert f'href="/mail/{message["id"]}"' in page.text
    assert "1 messaggi" in page.text


def test_nothing_in_a_message_can_act(catcher: Catcher, address: str) -> None:
    catcher.send(address, message=mail(address, subject="<script>alert(2)</script>"))
    [message] = catcher.messages(address)
    page = catcher.http.get(f"/mail/{message['id']}")
    assert "<script" not in page.text
    assert "sandbox=" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    link = "https://platform.example/accept/abc?x=1&amp;y=2"
    assert f'<a href="{link}" target="_blank" rel="noreferrer">{link}</a>.' in page.text
    assert "&lt;b&gt;così" in page.text


def test_attachments_can_be_fetched(catcher: Catcher, address: str) -> None:
    catcher.send(address)
    [message] = catcher.messages(address)
    files = f"/messages/{message['id']}/attachments"
    assert catcher.http.get(f"{files}/0").content == b"%PDF-1.7"
    assert catcher.http.get(f"{files}/1").status_code == 404


def test_it_reads_no_file_outside_the_maildir(catcher: Catcher) -> None:
    for name in ("nobody", "..%2F..%2Fetc%2Fpasswd", "%2Fetc%2Fpasswd"):
        assert catcher.http.get(f"/messages/{name}").status_code == 404


def test_mail_read_or_deleted_by_others_is_no_surprise(catcher: Catcher, address: str) -> None:
    catcher.send(address)
    catcher.send(address)
    read, deleted = (message["id"] for message in catcher.messages(address))
    (catcher.maildir / "new" / read).rename(catcher.maildir / "cur" / f"{read}:2,S")
    (catcher.maildir / "new" / deleted).unlink()
    assert [message["id"] for message in catcher.messages(address)] == [read]
    assert catcher.http.get(f"/mail/{deleted}").status_code == 404


def test_of_ten_thousand_messages_a_page_has_a_hundred(catcher: Catcher, address: str) -> None:
    catcher.send(address)
    new, [message] = catcher.maildir / "new", catcher.messages(address)
    copies = [new / f"1700000000.M0P1Q{number}.catcher" for number in range(MANY)]
    for copy in copies:
        copy.hardlink_to(new / message["id"])
    for path in ("/?page=50", f"/?to={address}", f"/?to={address}&page=50"):
        page = catcher.http.get(path)
        assert page.text.count("<tr>") == 101
    assert f"{MANY + 1} messaggi" in page.text
    for copy in copies:
        copy.unlink()
