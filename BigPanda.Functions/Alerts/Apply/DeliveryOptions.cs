namespace BigPanda.Functions.Alerts.Apply;

public sealed class DeliveryOptions
{
    public const string Section = "Deliveries";

    /// <summary>Days that applied deliveries are kept, so that an alert can be folded again from them. Default 14; 0 (nothing is kept) to 365.</summary>
    public int KeptDays { get; set; } = 14;

    /// <summary>Names of JSON members that are not kept, separated by commas: removed from webhooks' bodies at any depth, in any case. Default none.</summary>
    public string MembersNotKept { get; set; } = "";
}
