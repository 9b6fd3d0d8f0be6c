namespace BigPanda.LocalHost.Simulator.PagerDuty;

/// <summary>The settings that can change while the simulator runs; replaced as a whole.</summary>
internal sealed class PagerDutySettings(PagerDutySimulatorOptions options)
{
    private volatile Values _current = new()
    {
        EventsPerMinute = options.EventsPerMinute,
        RestCallsPerMinute = options.RestCallsPerMinute,
        SearchLagMs = (int)options.SearchLag.TotalMilliseconds,
        RetryMs = (int)options.Retry.TotalMilliseconds,
    };

    public Values Current => _current;

    public string? Change(Changes changes)
    {
        var next = new Values
        {
            EventsPerMinute = changes.EventsPerMinute ?? _current.EventsPerMinute,
            RestCallsPerMinute = changes.RestCallsPerMinute ?? _current.RestCallsPerMinute,
            SearchLagMs = changes.SearchLagMs ?? _current.SearchLagMs,
            RetryMs = changes.RetryMs ?? _current.RetryMs,
            NamesIntegration = changes.NamesIntegration ?? _current.NamesIntegration,
            TrimNotesAt = changes.TrimNotesAt ?? _current.TrimNotesAt,
            InvalidKeys = changes.InvalidKeys ?? _current.InvalidKeys,
        };
        if (next.EventsPerMinute < 0 || next.RestCallsPerMinute < 0)
            return "eventsPerMinute and restCallsPerMinute must be 0 (no limit) or more.";
        if (next.SearchLagMs is < 0 or > 600_000 || next.RetryMs is < 1 or > 600_000)
            return "searchLagMs must be from 0, retryMs from 1 to 600000.";
        if (next.TrimNotesAt < 1)
            return "trimNotesAt must be 1 or more.";
        _current = next;
        return null;
    }

    internal sealed record Values
    {
        /// <summary>Of each routing key; 0: no limit.</summary>
        public int EventsPerMinute { get; init; }

        public int RestCallsPerMinute { get; init; }

        /// <summary>How long the search by key lags behind an event.</summary>
        public int SearchLagMs { get; init; }

        /// <summary>The delay before the first retry of a webhook; each further one waits twice as long, up to five minutes.</summary>
        public int RetryMs { get; init; }

        /// <summary>Webhooks of what an event did name the integration as the agent; else none, which has been seen as well.</summary>
        public bool NamesIntegration { get; init; } = true;

        /// <summary>Characters of a note that a webhook has.</summary>
        public int TrimNotesAt { get; init; } = 10_000;

        /// <summary>Routing keys that no integration has; any other key is adopted.</summary>
        public IReadOnlyList<string> InvalidKeys { get; init; } = [];
    }

    internal sealed record Changes
    {
        public int? EventsPerMinute { get; init; }
        public int? RestCallsPerMinute { get; init; }
        public int? SearchLagMs { get; init; }
        public int? RetryMs { get; init; }
        public bool? NamesIntegration { get; init; }
        public int? TrimNotesAt { get; init; }
        public IReadOnlyList<string>? InvalidKeys { get; init; }
    }
}
