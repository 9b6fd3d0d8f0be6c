using System.Text.RegularExpressions;
using BigPanda.Console.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BigPanda.Console.Tests;

/// <summary>People who sign in with Entra ID, at the local stand-in of the platform's authentication: what each role sees and may do.</summary>
public sealed class EntraTests(EntraTests.Fixture console) : IClassFixture<EntraTests.Fixture>
{
    private const string Ada = "Ada Lovelace";
    private const string Grace = "Grace Hopper";

    [BrowserTheory]
    [InlineData("desktop")]
    [InlineData("phone")]
    public async Task A_reader_sees_everything_and_can_do_nothing(string screen)
    {
        var id = $"read-only-{screen}";
        await console.FireAsync(id);
        await console.VisitAsync(Screen.Named(screen), async window =>
        {
            await window.SignInAsAsync("Reader", Ada, $"alert?id={id}");
            await Expect(window.Button("Why, step by step")).ToBeEnabledAsync();
            await Expect(window.Button("Resolve…")).ToBeDisabledAsync();
            await Expect(window.Button("Comment…")).ToBeDisabledAsync();
            await Expect(window.Page.Locator(".heading").GetByText("This needs the role Responder; yours is Reader.")).ToBeVisibleAsync();
            await window.CheckAsync("An alert for a reader");
            await window.OpenAsync();
            await window.RowOf(id).GetByRole(AriaRole.Checkbox).CheckAsync();
            var selection = window.Page.GetByRole(AriaRole.Group, new() { Name = "Selected alerts" });
            await Expect(selection.GetByRole(AriaRole.Button, new() { Name = "Resolve…" })).ToBeDisabledAsync();
            await Expect(selection.GetByText("This needs the role Responder; yours is Reader.")).ToBeVisibleAsync();
            await window.CheckAsync("A selection of a reader");
            await window.OpenAsync("setup?step=sources");
            await Expect(window.Page.GetByText("This needs the role Admin; yours is Reader.")).ToBeVisibleAsync();
            await Expect(window.Button("New source…")).ToBeDisabledAsync();
            await window.CheckAsync("Set-up for a reader");
            await window.OpenAsync("health");
            await Expect(window.Page.GetByText("This needs the role Responder; yours is Reader.").First).ToBeVisibleAsync();
            await Expect(window.Page.Locator("main fieldset button:enabled")).ToHaveCountAsync(0);

            // The page is any caller's to change: the bridge refuses as well.
            Assert.Equal((403, "role-required"), await window.CallAsync("POST", $"/alerts/{id}/resolve", new { comment = "mine" }));
            Assert.Equal((403, "role-required"), await window.CallAsync("POST", $"/alerts/{id}/comments", new { comment = "mine" }));
            Assert.Equal((403, "role-required"), await window.CallAsync("POST", "/sources", new { name = "mine" }));
        });
        await console.Bridge.WaitForAsync(id, "firing");
        Assert.False(console.Bridge.HasClosed(id));
    }

    [BrowserTheory]
    [InlineData("desktop")]
    [InlineData("phone")]
    public async Task A_responder_resolves_and_is_named_in_the_timeline_the_comment_and_the_close(string screen)
    {
        var id = $"responded-{screen}";
        await console.FireAsync(id);
        await console.VisitAsync(Screen.Named(screen), async window =>
        {
            await window.SignInAsAsync("Responder", Grace, $"alert?id={id}");
            await window.Button("Comment…").ClickAsync();
            await window.Page.GetByLabel("Comment", new() { Exact = true }).FillAsync("the disk is full");
            await window.Button("Comment").ClickAsync();
            await window.Button("Resolve…").ClickAsync();
            await window.Page.GetByLabel("Why (optional)").FillAsync("cleaned up");
            await window.Button("Resolve 1 alert").ClickAsync();

            await Expect(window.Page.Locator(".people").GetByText($"Resolved by {Grace}")).ToBeVisibleAsync();
            await Expect(window.Page.Locator(".timeline").GetByText(Grace).First).ToBeVisibleAsync();
            await window.OpenAsync("setup?step=sources");
            await Expect(window.Button("New source…")).ToBeDisabledAsync();
            Assert.Equal((403, "role-required"), await window.CallAsync("POST", "/sources", new { name = "mine" }));
        });

        var alert = await console.Bridge.UntilAsync($"/alerts/{id}", alert => (string?)alert["bigPanda"]?["state"] == "inSync");
        var said = Assert.Single(alert["timeline"]?.AsArray() ?? [], entry => (string?)entry?["comment"] == "the disk is full" && entry["actor"] is not null);
        Assert.Equal((Grace, Grace), ((string?)said?["actor"], (string?)alert["resolvedBy"]?["actor"]));
        var close = Assert.Single(console.Bridge.Simulator.Requests, request => request.Path.EndsWith($"/{id}/resolve", StringComparison.Ordinal));
        Assert.Contains(Grace, close.Body ?? "", StringComparison.Ordinal);
        Assert.Contains("cleaned up", close.Body ?? "", StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task An_admin_sets_a_source_up() => await console.VisitAsync(async window =>
    {
        await window.SignInAsAsync("Admin", Ada, "setup?step=sources");
        var created = await window.CreateSourceAsync("by an admin");
        await Expect(created.Locator(".value code").First).ToContainTextAsync("/api/webhooks/bigpanda/");
        await window.OpenAsync("health");
        await Expect(window.Page.GetByRole(AriaRole.Region, new() { Name = "Audit trail" }).GetByText(Ada).First).ToBeVisibleAsync();
    });

    [BrowserTheory]
    [InlineData("desktop")]
    [InlineData("phone")]
    public async Task A_person_without_a_role_reads_nothing_and_is_shown_what_to_do(string screen) =>
        await console.VisitAsync(Screen.Named(screen), async window =>
        {
            await window.SignInAsAsync("NoRole", Ada);
            await Expect(window.Heading("You have no role here")).ToBeVisibleAsync();
            await Expect(window.Page.GetByText(Ada)).ToBeVisibleAsync();
            await window.CheckAsync("No role");
            Assert.Empty(window.Reads);
            Assert.Equal((403, "role-required"), await window.CallAsync("GET", "/alert-rows"));

            // A role counts from the next sign-in, which leads back to where the person wanted to go.
            await window.OpenAsync("alerts?status=all");
            await window.Link("Sign in again").ClickAsync();
            await window.ChooseAsync("Reader");
            await Expect(window.Page).ToHaveURLAsync(new Regex(@"/api/console/alerts\?status=all$"));
            await Expect(window.Live).ToBeVisibleAsync();
        });

    [BrowserFact]
    public async Task A_person_of_another_tenant_is_refused_with_the_reason_and_can_sign_out() => await console.VisitAsync(async window =>
    {
        await window.SignInAsAsync("OtherTenant", Ada);
        await Expect(window.Heading("Sign in")).ToBeVisibleAsync();
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("another tenant");
        await window.CheckAsync("Another tenant");
        Assert.Empty(window.Reads);
        Assert.Equal((401, "sign-in-refused"), await window.CallAsync("GET", "/alert-rows"));

        await window.Link("Sign out").ClickAsync();
        await Expect(window.Heading("Sign in")).ToBeVisibleAsync();
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToBeHiddenAsync();
    });

    [BrowserTheory]
    [InlineData("desktop")]
    [InlineData("phone")]
    public async Task When_a_session_ends_the_page_keeps_what_was_typed_and_goes_on_after_a_sign_in_in_another_tab(string screen)
    {
        var id = $"watched-{screen}";
        await console.FireAsync(id);
        await console.VisitAsync(Screen.Named(screen), async window =>
        {
            await window.SignInAsAsync("Responder", Ada, $"alerts?status=all&text={id}");
            await window.RowOf(id).GetByRole(AriaRole.Link).ClickAsync();
            await window.Button("Comment…").ClickAsync();
            await window.Page.GetByLabel("Comment", new() { Exact = true }).FillAsync("half a thou");
            await window.EndSessionAsync();

            var ended = window.Page.GetByRole(AriaRole.Dialog, new() { Name = "Sign in again" });
            await Expect(ended).ToBeVisibleAsync();
            await window.CheckAsync("An ended session");
            await window.Button("I have signed in").ClickAsync();
            await Expect(ended.GetByRole(AriaRole.Alert)).ToContainTextAsync("No person has signed in yet");

            var tab = await window.Page.RunAndWaitForPopupAsync(() => window.Link("Sign in with Entra ID").ClickAsync());
            await console.Show(tab, window.IsPhone).ChooseAsync("Responder", Grace);
            // The other tab is at the same address.
            await Expect(tab).ToHaveURLAsync(window.Page.Url);
            await Expect(tab.Locator(".id code")).ToHaveTextAsync(id);
            await tab.CloseAsync();

            await window.Button("I have signed in").ClickAsync();
            await Expect(ended).ToBeHiddenAsync();
            await Expect(window.Page.GetByLabel("Comment", new() { Exact = true })).ToHaveValueAsync("half a thou");
            await Expect(window.Page.GetByText($"As {Grace}.")).ToBeVisibleAsync();
            await window.Button("Comment").ClickAsync();
            await Expect(window.Page.Locator(".timeline").GetByText("half a thou").First).ToBeVisibleAsync();
        });
    }

    [BrowserFact]
    public async Task A_list_whose_session_ends_asks_once_and_comes_back_with_its_filters() => await console.VisitAsync(async window =>
    {
        await window.SignInAsAsync("Reader", Ada, "alerts?status=all&severity=critical");
        await Expect(window.Live).ToBeVisibleAsync();
        await window.EndSessionAsync();
        await Expect(window.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        var reads = window.Reads.Count;

        // By the address, as a person would who closes the tab.
        await window.Page.ReloadAsync();
        await Expect(window.Heading("Sign in")).ToBeVisibleAsync();
        Assert.Equal(reads, window.Reads.Count);
        await window.Link("Sign in with Entra ID").ClickAsync();
        await window.ChooseAsync("Reader");
        await Expect(window.Page).ToHaveURLAsync(new Regex(@"/alerts\?status=all&severity=critical$"));
        await Expect(window.Live).ToBeVisibleAsync();
    });

    [BrowserFact]
    public async Task Signing_out_ends_the_session_here_and_in_the_other_tabs() => await console.VisitAsync(async window =>
    {
        await window.SignInAsAsync("Admin", Ada);
        await Expect(window.Live).ToBeVisibleAsync();
        var other = await window.Page.Context.NewPageAsync();
        await other.GotoAsync($"{ConsoleWindow.Root}/health");
        await Expect(other.GetByRole(AriaRole.Heading, new() { Name = "Readiness" })).ToBeVisibleAsync();

        await window.Page.Locator(".menu summary").ClickAsync();
        await Expect(window.Page.GetByText($"{Ada}: Admin")).ToBeVisibleAsync();
        await window.Link("Sign out").ClickAsync();

        await Expect(window.Heading("Sign in")).ToBeVisibleAsync();
        Assert.Equal((401, "not-signed-in"), await window.CallAsync("GET", "/alert-rows"));
        await Expect(other.GetByRole(AriaRole.Dialog, new() { Name = "Sign in again" })).ToBeVisibleAsync();
    });

    public sealed class Fixture : ConsoleFixture
    {
        protected override bool SignsIn => true;
    }
}
