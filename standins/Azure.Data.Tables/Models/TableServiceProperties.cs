namespace Azure.Data.Tables.Models;

/// <summary>The app asks for it only to learn whether the service answers, so no setting is read.</summary>
public class TableServiceProperties;
