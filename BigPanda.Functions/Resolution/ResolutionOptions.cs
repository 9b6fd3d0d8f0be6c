using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Resolution;

public sealed class ResolutionOptions
{
    public const string Section = "Resolution";

    /// <summary>How long to wait for the closing webhook before BigPanda is asked whether the incident is closed. Default 120; 1 to 3600.</summary>
    [Range(1, 3600, ErrorMessage = "The setting Resolution__VerifyAfterSeconds must be from 1 to 3600.")]
    public int VerifyAfterSeconds { get; set; } = 120;

    internal TimeSpan VerifyAfter => TimeSpan.FromSeconds(VerifyAfterSeconds);
}

[OptionsValidator]
internal sealed partial class ResolutionOptionsValidator : IValidateOptions<ResolutionOptions>;
