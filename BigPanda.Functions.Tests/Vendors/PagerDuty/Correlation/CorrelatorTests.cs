using System.Text.Json.Nodes;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Tests.Vendors.PagerDuty.Api;
using BigPanda.Functions.Vendors.PagerDuty.Correlation;
using BigPanda.Functions.Vendors.PagerDuty.Planning;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Correlation;

public sealed class CorrelatorTests
{
    [Fact]
    public void An_event_of_a_known_incident_is_sent_to_its_alert_without_a_call()
    {
        var (result, sent, calls) = Correlating.Run(async test =>
        {
            await test.AddPageAsync("one", "Q1");
            return (await test.CorrelateAsync("incident.acknowledged", "Q1"), test.Sent, test.Calls);
        });

        Assert.Equal(new CorrelationResult.Sent(1), result);
        Assert.Empty(calls);
        var changed = Assert.Single(sent);
        Assert.Equal(("one", Correlating.PageId, PageChange.Acknowledged, "Ada"), (changed.IncidentId, changed.PageId, changed.Change, changed.Actor));
        Assert.Equal(new DateTimeOffset(2026, 11, 1, 10, 5, 0, 500, TimeSpan.Zero), changed.At);
        Assert.Equal(new PagerIncident("Q1", "https://acme.pagerduty.com/incidents/Q1"), changed.External);
        Assert.False(changed.IsOurs);
    }

    [Theory]
    [InlineData("incident.triggered", true)]
    [InlineData("incident.resolved", true)]
    [InlineData("incident.acknowledged", false)]
    public void An_opening_or_resolve_says_what_the_page_was_opened_with(string type, bool isSaid)
    {
        var sent = Correlating.Run(async test =>
        {
            await test.AddPageAsync("one", "Q1");
            await test.Pages.ChangeAsync(Correlating.KeyOf("one"), null, page => page with { Opening = new(default) }, CancellationToken.None);
            await test.CorrelateAsync(type, "Q1");
            return test.Sent;
        });

        Assert.Equal(isSaid, Assert.Single(sent).Opening is not null);
    }

    public static TheoryData<string> Hints => ["client", "key", "alerts"];

    [Theory]
    [MemberData(nameof(Hints))]
    public void An_unknown_incident_is_found_by_what_names_its_page_and_remembered(string hint)
    {
        var key = Correlating.KeyOf("one").Text;
        var (first, second, calls) = Correlating.Run(async test =>
        {
            await test.AddAlertAsync("one");
            if (hint == "alerts") test.Answer = _ => Correlating.ListOf("another's", key);
            var found = await test.CorrelateAsync("incident.triggered", "Q1", evt =>
            {
                if (hint == "client") evt["client"] = new JsonObject { ["name"] = "BigPanda", ["url"] = $"https://bigpanda.example.com/1#{key}" };
                if (hint == "key") (evt["data"] ?? evt)["incident_key"] = key;
            });
            return (found, await test.CorrelateAsync("incident.acknowledged", "Q1"), test.Calls);
        });

        Assert.Equal(new CorrelationResult.Sent(1), first);
        Assert.Equal(new CorrelationResult.Sent(1), second);
        Assert.Equal(hint == "alerts" ? 1 : 0, calls.Count());
    }

    [Fact]
    public void An_incident_whose_id_is_in_the_key_as_a_hash_is_found_by_its_row()
    {
        const string incident = "sha256:an id that looks like a hash";
        var sent = Correlating.Run(async test =>
        {
            await test.AddAlertAsync(incident);
            await test.Pages.ChangeAsync(Correlating.KeyOf(incident), new(Correlating.KeyOf(incident), incident), page => page, CancellationToken.None);
            test.Answer = _ => Correlating.ListOf(Correlating.KeyOf(incident).Text);
            await test.CorrelateAsync("incident.acknowledged", "Q1");
            return test.Sent;
        });

        Assert.Equal(incident, Assert.Single(sent).IncidentId);
    }

    /// <summary>Merged, an incident of PagerDuty stands for the pages of two episodes; the alert hears the note once.</summary>
    [Fact]
    public void A_note_is_sent_to_its_alert_under_one_message_id_however_many_pages_it_has()
    {
        var sent = Correlating.Run(async test =>
        {
            await test.AddPageAsync("one", "Q1");
            await test.Pages.LinkAsync(Correlating.KeyOf("one", "20261101110000-2"), new("Q1", null), CancellationToken.None);
            await test.CorrelateAsync("incident.annotated", "Q1", Note("seen"));
            return test.Sent;
        });

        Assert.Equal(2, sent.Select(changed => changed.PageId).Distinct().Count());
        Assert.Single(sent.Select(changed => changed.MessageId).Distinct());
    }

    [Fact]
    public void What_a_person_resolves_is_resolved_for_every_page_that_it_stands_for()
    {
        var (result, sent) = Correlating.Run(async test =>
        {
            await test.AddPageAsync("one", "Q1");
            await test.AddAlertAsync("two");
            test.Answer = _ => Correlating.ListOf(Correlating.KeyOf("one").Text, Correlating.KeyOf("two").Text, "another's");
            return (await test.CorrelateAsync("incident.resolved", "Q1"), test.Sent);
        });

        Assert.Equal(new CorrelationResult.Sent(2), result);
        Assert.Equal(["one", "two"], sent.Select(changed => changed.IncidentId));
        Assert.Equal(2, sent.Select(changed => changed.MessageId).Distinct().Count());
    }

    [Fact]
    public void Our_own_resolve_is_said_to_be_ours_and_asks_for_no_more()
    {
        var (sent, calls) = Correlating.Run(async test =>
        {
            await test.AddPageAsync("one", "Q1");
            await test.CorrelateAsync("incident.resolved", "Q1", evt => evt["agent"] = new JsonObject
            {
                ["type"] = "inbound_integration_reference",
                ["id"] = "PX",
                ["summary"] = "Events API V2",
            });
            return (test.Sent, test.Calls);
        });

        Assert.Empty(calls);
        Assert.Equal((true, null), (Assert.Single(sent).IsOurs, sent[0].Actor));
    }

    [Fact]
    public void What_automation_does_has_no_actor() => Assert.Null(Assert.Single(Correlating.Run(async test =>
    {
        await test.AddPageAsync("one", "Q1");
        await test.CorrelateAsync("incident.resolved", "Q1", evt => evt["agent"] = null);
        return test.Sent;
    })).Actor);

    [Fact]
    public void After_a_merge_the_page_is_resolved_with_the_incident_that_it_went_into()
    {
        var (sent, calls) = Correlating.Run(async test =>
        {
            await test.AddPageAsync("one", "Q1");
            test.HasRestKey = false;
            await test.CorrelateAsync("incident.resolved", "Q1", evt => (evt["data"] ?? evt)["resolve_reason"] = new JsonObject
            {
                ["type"] = "merge_resolve_reason",
                ["incident"] = new JsonObject { ["id"] = "Q2", ["html_url"] = "https://acme.pagerduty.com/incidents/Q2" },
            });
            await test.CorrelateAsync("incident.annotated", "Q1", Note("on the old one"));
            await test.CorrelateAsync("incident.resolved", "Q2");
            return (test.Sent, test.Calls);
        });

        Assert.Empty(calls);
        Assert.Equal([PageChange.Merged, PageChange.Noted, PageChange.Resolved], sent.Select(changed => changed.Change));
        Assert.Equal(new PagerIncident("Q2", "https://acme.pagerduty.com/incidents/Q2"), sent[0].External);
        Assert.Equal("Q2", sent[2].External?.Id);
    }

    [Fact]
    public void A_page_that_a_person_resolved_is_no_longer_listed_as_open()
    {
        var (before, after) = Correlating.Run(async test =>
        {
            await test.AddPageAsync("one", "Q1");
            var open = await test.Pages.ListOpenAsync(CancellationToken.None).CountAsync();
            await test.CorrelateAsync("incident.resolved", "Q1");
            return (open, await test.Pages.ListOpenAsync(CancellationToken.None).CountAsync());
        });

        Assert.Equal((1, 0), (before, after));
    }

    [Theory]
    [InlineData("another's", null)]
    [InlineData(null, "a key of a person's incident")]
    public void An_incident_of_others_is_no_error_and_is_not_checked_again(string? alertKey, string? incidentKey)
    {
        var (result, sent) = Correlating.Run(async test =>
        {
            test.Answer = _ => alertKey is null ? Correlating.ListOf() : Correlating.ListOf(alertKey);
            return (await test.CorrelateAsync("incident.resolved", "Q1", evt => (evt["data"] ?? evt)["incident_key"] = incidentKey), test.Sent);
        });

        Assert.IsType<CorrelationResult.Foreign>(result);
        Assert.Empty(sent);
    }

    /// <summary>Two bridges in one account: both have this prefix.</summary>
    [Fact]
    public void A_page_of_an_unknown_alert_belongs_to_another_bridge()
    {
        var (result, sent) = Correlating.Run(async test =>
        {
            test.Answer = _ => Correlating.ListOf(Correlating.KeyOf("unknown here").Text);
            return (await test.CorrelateAsync("incident.resolved", "Q1"), test.Sent);
        });

        Assert.IsType<CorrelationResult.Foreign>(result);
        Assert.Empty(sent);
    }

    [Fact]
    public void A_page_whose_alert_was_removed_is_none()
    {
        var sent = Correlating.Run(async test =>
        {
            await test.Pages.LinkAsync(Correlating.KeyOf("gone"), new("Q1", null), CancellationToken.None);
            await test.CorrelateAsync("incident.acknowledged", "Q1");
            return test.Sent;
        });

        Assert.Empty(sent);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_incident_without_any_alert_yet_is_checked_again(bool hasRestKey) => Assert.IsType<CorrelationResult.Unknown>(Correlating.Run(async test =>
    {
        test.HasRestKey = hasRestKey;
        return await test.CorrelateAsync("incident.resolved", "Q1");
    }));

    [Theory]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(401)]
    [InlineData(403)]
    public void While_PagerDuty_does_not_answer_the_event_waits_and_what_is_known_does_not(int status)
    {
        var (known, unknown, sent) = Correlating.Run(async test =>
        {
            await test.AddPageAsync("one", "Q1");
            test.Answer = _ => ScriptedPagerDuty.Json(status, """{"error":{"message":"no","code":1}}""", ("Retry-After", "90"));
            return (await test.CorrelateAsync("incident.resolved", "Q1"), await test.CorrelateAsync("incident.resolved", "Q2"), test.Sent);
        });

        Assert.Equal(1, Assert.IsType<CorrelationResult.Unanswered>(known).Pages);
        Assert.Equal(0, Assert.IsType<CorrelationResult.Unanswered>(unknown).Pages);
        Assert.Equal("one", Assert.Single(sent).IncidentId);
    }

    [Fact]
    public void An_incident_that_PagerDuty_does_not_know_is_checked_again_and_not_for_ever() => Assert.IsType<CorrelationResult.Unknown>(
        Correlating.Run(test =>
        {
            test.Answer = _ => ScriptedPagerDuty.Json(404, """{"error":{"message":"Not Found","code":2100}}""");
            return test.CorrelateAsync("incident.resolved", "Q1");
        }));

    [Fact]
    public void The_text_of_a_note_that_was_cut_is_read_whole()
    {
        var sent = Correlating.Run(async test =>
        {
            await test.AddPageAsync("one", "Q1");
            test.Answer = _ => ScriptedPagerDuty.Json(200, """{"notes":[{"id":"N0","content":"another"},{"id":"N1","content":"the whole text"}]}""");
            await test.CorrelateAsync("incident.annotated", "Q1", Note("the wh", isTrimmed: true));
            return test.Sent;
        });

        Assert.Equal("the whole text", Assert.Single(sent).Text);
    }

    [Theory]
    [InlineData(false, 200)]
    [InlineData(true, 403)]
    [InlineData(true, 404)]
    public void A_cut_note_that_cannot_be_read_says_that_it_was_cut(bool hasRestKey, int status)
    {
        var sent = Correlating.Run(async test =>
        {
            await test.AddPageAsync("one", "Q1");
            test.HasRestKey = hasRestKey;
            test.Answer = _ => ScriptedPagerDuty.Json(status, "{}");
            await test.CorrelateAsync("incident.annotated", "Q1", Note("the wh", isTrimmed: true));
            return test.Sent;
        });

        Assert.Equal("the wh… (cut by PagerDuty)", Assert.Single(sent).Text);
    }

    [Fact]
    public void A_cut_note_waits_for_an_outage_to_end()
    {
        var (result, sent) = Correlating.Run(async test =>
        {
            await test.AddPageAsync("one", "Q1");
            test.Answer = _ => ScriptedPagerDuty.Json(500, "{}");
            return (await test.CorrelateAsync("incident.annotated", "Q1", Note("the wh", isTrimmed: true)), test.Sent);
        });

        Assert.IsType<CorrelationResult.Unanswered>(result);
        Assert.Empty(sent);
    }

    [Fact]
    public void A_rejected_key_costs_a_call_a_minute_however_many_events_of_unknown_incidents_come()
    {
        var (results, calls, later) = Correlating.Run(async test =>
        {
            test.Answer = _ => ScriptedPagerDuty.Json(401, "{}");
            List<CorrelationResult> results = [];
            for (var i = 0; i < 20; i++) results.Add(await test.CorrelateAsync("incident.triggered", $"Q{i}"));
            var calls = test.Calls.Count();
            await test.WaitAsync(TimeSpan.FromMinutes(1));
            await test.CorrelateAsync("incident.triggered", "Q");
            return (results, calls, test.Calls.Count());
        });

        Assert.All(results, result => Assert.Contains("401", Assert.IsType<CorrelationResult.Unanswered>(result).Detail, StringComparison.Ordinal));
        Assert.Equal((1, 2), (calls, later));
    }

    [Theory]
    [InlineData("incident.reopened", true)]
    [InlineData("incident.triggered", true)]
    [InlineData("incident.resolved", false)]
    public void The_list_of_open_pages_is_as_the_newest_change_says_in_any_order(string newest, bool isOpen) => Assert.Equal(
        (isOpen, isOpen),
        Correlating.Run(async test =>
        {
            await test.AddPageAsync("one", "Q1");
            var older = isOpen ? "incident.resolved" : "incident.triggered";
            await test.CorrelateAsync(older, "Q1", At("10:05"));
            await test.CorrelateAsync(newest, "Q1", At("10:06"));
            var inOrder = await test.Pages.ListOpenAsync(CancellationToken.None).AnyAsync();
            await test.CorrelateAsync(older, "Q1", At("10:05"));
            return (inOrder, await test.Pages.ListOpenAsync(CancellationToken.None).AnyAsync());
        }));

    [Fact]
    public void What_the_policy_takes_no_notice_of_is_marked()
    {
        var sent = Correlating.Run(async test =>
        {
            await test.AddPageAsync("one", "Q1");
            test.Policy = new PagingPolicy { Resolve = Direction.Out, CommentAcknowledgements = true };
            await test.CorrelateAsync("incident.resolved", "Q1");
            await test.CorrelateAsync("incident.acknowledged", "Q1");
            return test.Sent;
        });

        Assert.Equal([(true, false), (false, true)], sent.Select(changed => (changed.IsIgnored, changed.IsCommented)));
    }

    /// <summary>The instance may not know yet that another one has connected PagerDuty.</summary>
    [Fact]
    public void Without_a_connection_nothing_is_sent_and_the_event_is_checked_again()
    {
        var (result, sent) = Correlating.Run(async test =>
        {
            await test.AddPageAsync("one", "Q1");
            test.Policy = null;
            return (await test.CorrelateAsync("incident.resolved", "Q1"), test.Sent);
        });

        Assert.IsType<CorrelationResult.Unknown>(result);
        Assert.Empty(sent);
    }

    [Fact]
    public void The_same_event_again_is_the_same_message()
    {
        var sent = Correlating.Run(async test =>
        {
            await test.AddPageAsync("one", "Q1");
            await test.CorrelateAsync("incident.acknowledged", "Q1");
            await test.CorrelateAsync("incident.acknowledged", "Q1");
            await test.CorrelateAsync("incident.unacknowledged", "Q1");
            return test.Sent;
        });

        Assert.Equal(sent[0], sent[1]);
        Assert.NotEqual(sent[0].MessageId, sent[2].MessageId);
    }

    private static Action<JsonObject> At(string time) => evt => evt["occurred_at"] = $"2026-11-01T{time}:00Z";

    private static Action<JsonObject> Note(string text, bool isTrimmed = false) => evt => evt["data"] = new JsonObject
    {
        ["id"] = "N1",
        ["type"] = "incident_note",
        ["content"] = text,
        ["trimmed"] = isTrimmed,
        ["incident"] = new JsonObject { ["id"] = "Q1" },
    };
}
