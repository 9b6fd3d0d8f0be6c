namespace BigPanda.Functions.Alerts.Rules;

/// <summary>What an event changed, as the destinations' planners need it. Says nothing of what a destination does about it.</summary>
public abstract record Transition;

/// <summary>The alert fires for the first time.</summary>
public sealed record Fired(int Episode) : Transition;

/// <summary>The alert fires again, as the next episode.</summary>
public sealed record Refired(int Episode) : Transition;

/// <summary>What the alert shows of the incident changed.</summary>
public sealed record Changed : Transition;

/// <summary>The alert is resolved, by whomever.</summary>
public sealed record Resolved(int Episode, string? Via, string? Actor) : Transition;

/// <summary>BigPanda must close the incident: it was resolved here, or an earlier close has failed or was lost.</summary>
/// <param name="ActionId">Of the close; used once.</param>
/// <param name="AttemptsBefore">Attempts made under the close's earlier ids.</param>
public sealed record CloseWanted(string ActionId, int AttemptsBefore = 0) : Transition;

/// <summary>A person commented here.</summary>
/// <param name="RequestId">Of the request: the same request makes one comment.</param>
public sealed record Commented(string RequestId, string Via, string Actor, string Text) : Transition
{
    /// <summary>As it reads in a destination.</summary>
    public string Line => OurComments.OfPerson(Actor, Via, Text);
}

/// <summary>A person commented on the incident in BigPanda.</summary>
/// <param name="CommentId">Of the comment: the same in every delivery that repeats it.</param>
public sealed record CommentedInBigPanda(string CommentId, string? Actor, string Text) : Transition;

/// <summary>The first delivery of a source about this incident.</summary>
/// <param name="WantsCallback">BigPanda holds back what follows until its callback service is called.</param>
public sealed record FirstSeenFrom(string SourceId, bool WantsCallback, DateTimeOffset ReceivedAt) : Transition;
