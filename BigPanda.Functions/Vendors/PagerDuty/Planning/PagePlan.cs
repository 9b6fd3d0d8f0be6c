using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.Paging;

namespace BigPanda.Functions.Vendors.PagerDuty.Planning;

/// <summary>The plan for one event: what of the alert's pages is to be changed, step by step.</summary>
internal sealed class PagePlan(PlanRequest request, PagerDutyPlanner planner)
{
    /// <summary>An action without an outcome for so long holds no update back: its report may be lost.</summary>
    private static readonly TimeSpan ReportedWithin = TimeSpan.FromHours(1);

    private readonly PagingPolicy _policy = planner.Policy;
    private readonly DateTimeOffset _now = request.Now;
    private Alert _alert = request.Alert;
    private PagerState _pager = request.Alert.PagerDuty ?? PagerState.None;
    private List<AlertAction>? _actions;
    private List<TimelineEntry>? _notes;

    /// <summary>A page of the other mode is left alone: a shadow never reaches PagerDuty, and shadow mode sends nothing.</summary>
    private bool IsOurs(Page page) => page.IsShadow || !request.IsShadow;

    /// <summary>
    /// Whether a page of the resolved alert is open and nothing is under way that would end it: the alert was resolved while the mode was not on, or what
    /// opens the page waited until then.
    /// </summary>
    public static bool HasLeftOpen(Alert alert, PagingPolicy policy, DateTimeOffset now) =>
        alert is { IsFiring: false, PagerDuty: { } pager } && policy.Resolve.IsOut() && !(pager.DueAt > now)
        && pager.Find(page => page is { IsOver: false, IsShadow: false } && !(page.IsPending && page.UpdatedAt + ReportedWithin > now)) is not null;

    public void PlanPage()
    {
        if (_pager.DueAt is not null) _pager = _pager with { DueAt = null };
        for (var i = 0; i < _pager.Earlier.Count; i++) if (_pager.Earlier[i] is { IsOver: false } earlier && IsOurs(earlier)) Resolve(earlier);
        if (_alert.IsFiring) PlanFiring();
        else PlanResolved();
    }

    public DestinationPlan Finish()
    {
        if (_actions is null && _notes is null && _pager.Equals(request.Alert.PagerDuty ?? PagerState.None)) return new DestinationPlan(request.Alert, []);
        return new DestinationPlan(_alert with { PagerDuty = _pager }, _actions ?? [], _notes ?? []);
    }

    /// <summary>A note goes to the page of the present episode, or to the latest if the alert is resolved.</summary>
    public void AddNote(string id, string text)
    {
        if (_pager.Latest is not { } page || !IsOurs(page) || (_alert.IsFiring && page.IsOver)) return;
        var note = NoteText.Fit(text);
        Send(PageAction.Of(PageActionKinds.Note, _alert.IncidentId, $"note-{id}", page) with { Text = note }, page);
        if (!page.IsShadow) _alert = _alert with { ExpectedNotes = (_alert.ExpectedNotes ?? []).With(note, _now) };
    }

    private void PlanFiring()
    {
        if (_pager.Latest is { IsOver: false } page)
        {
            if (_pager.WantedSince is not null) Say("the alert fires again within the resolve delay: its page stays open");
            EndWait();
            if (IsOurs(page)) PlanOpenPage(page);
            return;
        }

        if (_pager.SkippedEpisode == _alert.Life.LastFiredAt) return;
        _pager = _pager with { WantedSince = _pager.WantedSince ?? _now, SkippedEpisode = null };
        var route = planner.Route(_alert);
        if (route.Key is { } key && !IsHeld()) OpenPage(key, route);
        else if (route.Key is null) Hold(PageRouting.NoKey);
    }

    /// <summary>Whether the page must wait, or is never opened.</summary>
    private bool IsHeld()
    {
        var isSnoozed = _alert.Content is { Snoozed: true } content && !(content.SnoozedUntil <= _now);
        var (choice, what) = isSnoozed && _policy.Snoozed != PagingChoice.Page ? (_policy.Snoozed, "snoozed")
            : _alert.Content.Flapping ? (_policy.Flapping, "flapping")
            : (PagingChoice.Page, "");
        if (choice == PagingChoice.Never)
        {
            Hold($"the incident is {what}: by the policy this episode is not paged");
            _pager = _pager with { SkippedEpisode = _alert.Life.LastFiredAt, WantedSince = null };
            return true;
        }

        if (choice == PagingChoice.Hold)
        {
            Hold($"the page waits while the incident is {what}");
            if (isSnoozed) Due(_alert.Content.SnoozedUntil);
            return true;
        }

        var dueAt = (_pager.WantedSince ?? _now) + TimeSpan.FromSeconds(_policy.FireDelaySeconds);
        if (_now >= dueAt) return false;
        Hold($"the page waits for the fire delay of {_policy.FireDelaySeconds} s");
        Due(dueAt);
        return true;
    }

    private void OpenPage(PageKey key, PageRoute route)
    {
        if (route.Error is { } error) Say($"{error}: paged through {route.Why}");
        var id = Page.NewId(_now, _pager.Opened + 1);
        var page = Show(new Page
        {
            Id = id,
            Key = key,
            OpenedAt = _now,
            Shows = _alert.Seen,
            ShowsGravity = Gravity.Of(_alert.Content),
            IsShadow = request.IsShadow,
            Status = request.IsShadow ? PageStatus.Open : PageStatus.Opening,
        });
        page = page.Begin(page.FirstActionId, _now);
        _pager = _pager.Open(page) with { Held = null, WantedSince = null };
        Send(PageAction.Of(PageActionKinds.Trigger, _alert.IncidentId, page.FirstActionId, page), page);
    }

    /// <summary>At most one action at a time: its outcome is an event, after which what is still missing is sent.</summary>
    private void PlanOpenPage(Page page)
    {
        var isAcknowledged = _alert.Content.IsAcknowledged;
        if (page.IsAcknowledged && !isAcknowledged) page = Keep(page with { IsAcknowledged = false });
        if (page.IsPending && page.UpdatedAt + ReportedWithin > _now)
        {
            // The action takes its content from the alert when its turn comes: it may show this, or what was before.
            if (page.Shown != 0 && IsChanged(page)) Keep(page with { Shown = 0, ShownStatuses = 0 });
            return;
        }

        if (isAcknowledged && page is { IsAcknowledged: false, Status: PageStatus.Open } && _policy.Acknowledge.IsOut())
        {
            if (_alert.Acknowledgement is null)
            {
                Acknowledge(page);
                return;
            }

            // A person took it on in PagerDuty before.
            page = Keep(page with { IsAcknowledged = true });
        }

        Update(page);
    }

    /// <summary>The page shows the new status by being acknowledged: nothing more is sent for what one person did.</summary>
    private void Acknowledge(Page page)
    {
        var shown = Fingerprint(page, out _);
        page = page with { IsAcknowledged = true };
        if (shown.Details == page.Shown) page = page with { ShownStatuses = shown.Statuses };
        Act(PageActionKinds.Acknowledge, page);
    }

    private void Update(Page page)
    {
        if (!IsChanged(page)) return;
        var dueAt = page.ShownAt + TimeSpan.FromSeconds(_policy.UpdateIntervalSeconds);
        if (_now < dueAt) Due(dueAt);
        else Act(PageActionKinds.Update, Show(page));
    }

    private void PlanResolved()
    {
        if (_pager.Latest is { IsOver: false } page)
        {
            PlanEnd(page);
            return;
        }

        if (_pager is { WantedSince: not null, Held: { } held and not PageRouting.NoKey }) Say($"would have paged, but the alert is resolved: {held}");
        if (_pager.SkippedEpisode is not null) _pager = _pager with { SkippedEpisode = null };
        EndWait();
    }

    private void PlanEnd(Page page)
    {
        if (!IsOurs(page) || !_policy.Resolve.IsOut()) return;
        var since = _pager.WantedSince ?? _now;
        var dueAt = since + TimeSpan.FromSeconds(_policy.ResolveDelaySeconds);
        if (_now < dueAt)
        {
            _pager = _pager with { WantedSince = since };
            Hold($"the page stays open for the resolve delay of {_policy.ResolveDelaySeconds} s");
            Due(dueAt);
            return;
        }

        EndWait();
        Resolve(page);
    }

    private void Resolve(Page page) =>
        Act(PageActionKinds.Resolve, page with { Status = page.IsShadow ? PageStatus.Resolved : PageStatus.Resolving });

    /// <summary>There is nothing to wait for.</summary>
    private void EndWait()
    {
        if (_pager is { WantedSince: null, Held: null }) return;
        _pager = _pager with { WantedSince = null, Held = null };
    }

    /// <summary>Plans to show the alert as it is now.</summary>
    private Page Show(Page page)
    {
        var shown = Fingerprint(page, out var severity);
        return page with
        {
            Shown = shown.Details,
            ShownStatuses = shown.Statuses,
            ShownAt = _now,
            Severity = severity,
            Planned = _alert.Seen,
            PlannedGravity = Gravity.Of(_alert.Content),
        };
    }

    private bool IsChanged(Page page) => Fingerprint(page, out _) != new PageFingerprint(page.Shown, page.ShownStatuses);

    private PageFingerprint Fingerprint(Page page, out string severity)
    {
        var mapping = planner.MappingOf(_alert);
        severity = mapping.SeverityOf(_alert.Content, _policy, page.Severity);
        return PageContent.Fingerprint(_alert, severity, mapping);
    }

    private void Act(string kind, Page page)
    {
        _pager = _pager with { Actions = _pager.Actions + 1 };
        page = Keep(page.Begin($"{page.FirstActionId}-{_pager.Actions}", _now));
        Send(PageAction.Of(kind, _alert.IncidentId, page.ActionId ?? "", page), page);
    }

    private Page Keep(Page page)
    {
        _pager = _pager.With(page);
        return page;
    }

    /// <summary>A shadow page that is left over when the mode is on leads to nothing.</summary>
    private void Send(PageAction action, Page page)
    {
        if (page.IsShadow == request.IsShadow) (_actions ??= []).Add(action.ToAction());
    }

    /// <summary>In the timeline once, when the reason is new.</summary>
    private void Hold(string why)
    {
        if (_pager.Held == why) return;
        _pager = _pager with { Held = why };
        Say(why);
    }

    private void Due(DateTimeOffset? at)
    {
        if (at is { } time && !(_pager.DueAt <= time)) _pager = _pager with { DueAt = time };
    }

    private void Say(string reason) => (_notes ??= []).Add(new TimelineEntry
    {
        At = _now,
        Kind = "page",
        Verdict = Verdict.Noted,
        Reason = reason,
        Episode = _alert.Life.Episode,
        Summary = "PagerDuty",
    });
}
