namespace BigPanda.Functions.Alerts.Rules.Paging;

/// <summary>The kinds of action in a pager.</summary>
internal static class PageActionKinds
{
    public const string Trigger = "page";
    public const string Update = "page-update";
    public const string Acknowledge = "page-acknowledge";
    public const string Resolve = "page-resolve";
    public const string Note = "page-note";
}
