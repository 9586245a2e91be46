{
	"patcher" : 	{
		"fileversion" : 1,
		"appversion" : 		{
			"major" : 8,
			"minor" : 6,
			"revision" : 5,
			"architecture" : "x64",
			"modernui" : 1
		}
,
		"classnamespace" : "box",
		"rect" : [ 64.0, 100.0, 1280.0, 720.0 ],
		"openrect" : [ 0.0, 0.0, 685.0, 169.0 ],
		"bglocked" : 0,
		"openinpresentation" : 1,
		"default_fontsize" : 10.0,
		"default_fontface" : 0,
		"default_fontname" : "Arial Bold",
		"gridonopen" : 1,
		"gridsize" : [ 8.0, 8.0 ],
		"gridsnaponopen" : 1,
		"objectsnaponopen" : 1,
		"statusbarvisible" : 2,
		"toolbarvisible" : 1,
		"lefttoolbarpinned" : 0,
		"toptoolbarpinned" : 0,
		"righttoolbarpinned" : 0,
		"bottomtoolbarpinned" : 0,
		"toolbars_unpinned_last_save" : 0,
		"tallnewobj" : 0,
		"boxanimatetime" : 500,
		"enablehscroll" : 1,
		"enablevscroll" : 1,
		"devicewidth" : 685.0,
		"description" : "",
		"digest" : "",
		"tags" : "",
		"style" : "",
		"subpatcher_template" : "",
		"assistshowspatchername" : 0,
		"boxes" : [ 			{
				"box" : 				{
					"angle" : 270.0,
					"annotation" : "Red: the daemon is not running, or the device may not read its key: the display says which. Yellow: it runs, but Live's script does not answer. Green: all is ready. Blue: something is being made.",
					"bgcolor" : [ 0.9, 0.27, 0.24, 1.0 ],
					"id" : "obj-1",
					"maxclass" : "panel",
					"mode" : 0,
					"numinlets" : 1,
					"numoutlets" : 0,
					"patching_rect" : [ 376.0, 1000.0, 7.0, 7.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 9.0, 9.0, 7.0, 7.0 ],
					"proportion" : 0.39,
					"rounded" : 7,
					"saved_attribute_attributes" : 					{
						"bgfillcolor" : 						{
							"expression" : ""
						}

					}
,
					"varname" : "lamp"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "What MuseAroo does, what came of the last press, and what to do when something is wrong.",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 9.5,
					"id" : "obj-2",
					"maxclass" : "comment",
					"numinlets" : 1,
					"numoutlets" : 0,
					"patching_rect" : [ 400.0, 1000.0, 315.0, 27.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 16.0, 4.0, 315.0, 27.0 ],
					"saved_attribute_attributes" : 					{
						"textcolor" : 						{
							"expression" : "themecolor.live_lcd_title"
						}

					}
,
					"text" : "MuseAroo",
					"textcolor" : [ 0.709803921568627, 0.709803921568627, 0.709803921568627, 1.0 ],
					"textjustification" : 0,
					"varname" : "status"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "How far the press is that was made last; empty when nothing is under way. While you talk, how loud you are.",
					"annotation_name" : "Progress",
					"bgcolor" : [ 0.094117647058824, 0.094117647058824, 0.094117647058824, 1.0 ],
					"id" : "obj-3",
					"ignoreclick" : 1,
					"maxclass" : "multislider",
					"numinlets" : 1,
					"numoutlets" : 2,
					"orientation" : 0,
					"outlettype" : [ "", "" ],
					"parameter_enable" : 0,
					"patching_rect" : [ 736.0, 1000.0, 318.0, 2.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 9.0, 31.0, 318.0, 2.0 ],
					"saved_attribute_attributes" : 					{
						"bgcolor" : 						{
							"expression" : "themecolor.live_lcd_bg"
						}
,
						"slidercolor" : 						{
							"expression" : "themecolor.live_lcd_control_fg"
						}

					}
,
					"setminmax" : [ 0.0, 1000.0 ],
					"setstyle" : 1,
					"settype" : 0,
					"size" : 1,
					"slidercolor" : [ 1.0, 0.67843137254902, 0.337254901960784, 1.0 ],
					"varname" : "progress"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "Tempo and time signature of the Live Set.",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 8.5,
					"id" : "obj-4",
					"maxclass" : "comment",
					"numinlets" : 1,
					"numoutlets" : 0,
					"patching_rect" : [ 1072.0, 1000.0, 75.0, 15.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 5.0, 33.0, 75.0, 15.0 ],
					"saved_attribute_attributes" : 					{
						"textcolor" : 						{
							"expression" : "themecolor.live_lcd_control_fg"
						}

					}
,
					"text" : "",
					"textcolor" : [ 1.0, 0.67843137254902, 0.337254901960784, 1.0 ],
					"textjustification" : 0,
					"varname" : "tempo"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "The key that MuseAroo takes the set to be in.",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 8.5,
					"id" : "obj-5",
					"maxclass" : "comment",
					"numinlets" : 1,
					"numoutlets" : 0,
					"patching_rect" : [ 1168.0, 1000.0, 65.0, 15.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 80.0, 33.0, 65.0, 15.0 ],
					"saved_attribute_attributes" : 					{
						"textcolor" : 						{
							"expression" : "themecolor.live_lcd_control_fg"
						}

					}
,
					"text" : "",
					"textcolor" : [ 1.0, 0.67843137254902, 0.337254901960784, 1.0 ],
					"textjustification" : 0,
					"varname" : "key"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "The chords of the selected scene, where they are known.",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 8.5,
					"id" : "obj-6",
					"maxclass" : "comment",
					"numinlets" : 1,
					"numoutlets" : 0,
					"patching_rect" : [ 1256.0, 1000.0, 84.0, 15.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 145.0, 33.0, 84.0, 15.0 ],
					"saved_attribute_attributes" : 					{
						"textcolor" : 						{
							"expression" : "themecolor.live_lcd_control_fg"
						}

					}
,
					"text" : "",
					"textcolor" : [ 1.0, 0.67843137254902, 0.337254901960784, 1.0 ],
					"textjustification" : 0,
					"varname" : "chords"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "Which MuseAroo daemon the device speaks to, and its port.",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 8.5,
					"id" : "obj-7",
					"maxclass" : "comment",
					"numinlets" : 1,
					"numoutlets" : 0,
					"patching_rect" : [ 1360.0, 1000.0, 102.0, 15.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 229.0, 33.0, 102.0, 15.0 ],
					"saved_attribute_attributes" : 					{
						"textcolor" : 						{
							"expression" : "themecolor.live_lcd_control_fg"
						}

					}
,
					"text" : "",
					"textcolor" : [ 1.0, 0.67843137254902, 0.337254901960784, 1.0 ],
					"textjustification" : 2,
					"varname" : "daemon"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "Whom MuseAroo's beat follows when you play along, and its tempo.",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 8.5,
					"id" : "obj-8",
					"maxclass" : "comment",
					"numinlets" : 1,
					"numoutlets" : 0,
					"patching_rect" : [ 1480.0, 1000.0, 68.0, 15.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 342.0, 4.0, 68.0, 15.0 ],
					"saved_attribute_attributes" : 					{
						"textcolor" : 						{
							"expression" : "themecolor.live_lcd_control_fg"
						}

					}
,
					"text" : "",
					"textcolor" : [ 1.0, 0.67843137254902, 0.337254901960784, 1.0 ],
					"textjustification" : 0,
					"varname" : "clock"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "The chord that you hold at MuseAroo In, or whether notes arrive there at all.",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 8.5,
					"id" : "obj-9",
					"maxclass" : "comment",
					"numinlets" : 1,
					"numoutlets" : 0,
					"patching_rect" : [ 1568.0, 1000.0, 68.0, 15.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 410.0, 4.0, 68.0, 15.0 ],
					"saved_attribute_attributes" : 					{
						"textcolor" : 						{
							"expression" : "themecolor.live_lcd_control_fg"
						}

					}
,
					"text" : "",
					"textcolor" : [ 1.0, 0.67843137254902, 0.337254901960784, 1.0 ],
					"textjustification" : 2,
					"varname" : "held"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "The take that you hear, or how many bars of your own playing can be kept.",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 8.5,
					"id" : "obj-10",
					"maxclass" : "comment",
					"numinlets" : 1,
					"numoutlets" : 0,
					"patching_rect" : [ 1656.0, 1000.0, 136.0, 15.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 342.0, 19.0, 136.0, 15.0 ],
					"saved_attribute_attributes" : 					{
						"textcolor" : 						{
							"expression" : "themecolor.live_lcd_control_fg"
						}

					}
,
					"text" : "",
					"textcolor" : [ 1.0, 0.67843137254902, 0.337254901960784, 1.0 ],
					"textjustification" : 0,
					"varname" : "to_keep"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "Whose turn it is in the jam, and which bar of it.",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 8.5,
					"id" : "obj-11",
					"maxclass" : "comment",
					"numinlets" : 1,
					"numoutlets" : 0,
					"patching_rect" : [ 1808.0, 1000.0, 136.0, 15.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 342.0, 34.0, 136.0, 15.0 ],
					"saved_attribute_attributes" : 					{
						"textcolor" : 						{
							"expression" : "themecolor.live_lcd_control_fg"
						}

					}
,
					"text" : "",
					"textcolor" : [ 1.0, 0.67843137254902, 0.337254901960784, 1.0 ],
					"textjustification" : 0,
					"varname" : "turn"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "Hold it and say what you want in English, such as: give me a funk bass, eight bars in D minor. Let go, or stop speaking; say help to learn more. It hears the computer's microphone, not the track, and only while it is lit. Nothing is stored unless the settings say keep_talk.",
					"annotation_name" : "Talk",
					"hilite" : 0,
					"id" : "obj-12",
					"maxclass" : "ubutton",
					"numinlets" : 1,
					"numoutlets" : 4,
					"outlettype" : [ "bang", "bang", "", "int" ],
					"parameter_enable" : 0,
					"patching_rect" : [ 24.0, 24.0, 48.0, 31.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 634.0, 3.0, 48.0, 31.0 ],
					"varname" : "talk"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-13",
					"justification" : 1,
					"linecolor" : [ 0.066666666666667, 0.066666666666667, 0.066666666666667, 1.0 ],
					"maxclass" : "live.line",
					"numinlets" : 1,
					"numoutlets" : 0,
					"patching_rect" : [ 24.0, 1056.0, 7.0, 113.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 186.0, 53.0, 7.0, 113.0 ],
					"saved_attribute_attributes" : 					{
						"linecolor" : 						{
							"expression" : "themecolor.live_contrast_frame"
						}

					}
,
					"varname" : "rule_left"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-14",
					"justification" : 1,
					"linecolor" : [ 0.066666666666667, 0.066666666666667, 0.066666666666667, 1.0 ],
					"maxclass" : "live.line",
					"numinlets" : 1,
					"numoutlets" : 0,
					"patching_rect" : [ 48.0, 1056.0, 7.0, 113.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 333.0, 53.0, 7.0, 113.0 ],
					"saved_attribute_attributes" : 					{
						"linecolor" : 						{
							"expression" : "themecolor.live_contrast_frame"
						}

					}
,
					"varname" : "rule_live"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-15",
					"justification" : 1,
					"linecolor" : [ 0.066666666666667, 0.066666666666667, 0.066666666666667, 1.0 ],
					"maxclass" : "live.line",
					"numinlets" : 1,
					"numoutlets" : 0,
					"patching_rect" : [ 72.0, 1056.0, 7.0, 113.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 480.0, 53.0, 7.0, 113.0 ],
					"saved_attribute_attributes" : 					{
						"linecolor" : 						{
							"expression" : "themecolor.live_contrast_frame"
						}

					}
,
					"varname" : "rule_ambient"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-16",
					"justification" : 1,
					"linecolor" : [ 0.066666666666667, 0.066666666666667, 0.066666666666667, 1.0 ],
					"maxclass" : "live.line",
					"numinlets" : 1,
					"numoutlets" : 0,
					"patching_rect" : [ 96.0, 1056.0, 7.0, 113.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 578.0, 53.0, 7.0, 113.0 ],
					"saved_attribute_attributes" : 					{
						"linecolor" : 						{
							"expression" : "themecolor.live_contrast_frame"
						}

					}
,
					"varname" : "rule_right"
				}

			}
, 			{
				"box" : 				{
					"activebgcolor" : [ 1.0, 0.67843137254902, 0.337254901960784, 1.0 ],
					"activebgoncolor" : [ 0.266666666666667, 0.266666666666667, 0.266666666666667, 1.0 ],
					"activetextcolor" : [ 0.011764705882353, 0.011764705882353, 0.011764705882353, 1.0 ],
					"activetextoncolor" : [ 0.709803921568627, 0.709803921568627, 0.709803921568627, 1.0 ],
					"annotation" : "Plays every part of the style that is still missing in the selected scene, each on a track of its own, all in the same key and groove. Undo takes it away again.",
					"annotation_name" : "Band",
					"automation" : "Off",
					"automationon" : "On",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 10.5,
					"id" : "obj-17",
					"maxclass" : "live.text",
					"mode" : 0,
					"numinlets" : 1,
					"numoutlets" : 2,
					"outlettype" : [ "", "" ],
					"outputmode" : 0,
					"parameter_enable" : 1,
					"patching_rect" : [ 136.0, 24.0, 45.0, 23.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 3.0, 53.0, 45.0, 23.0 ],
					"saved_attribute_attributes" : 					{
						"activebgcolor" : 						{
							"expression" : "themecolor.live_control_selection"
						}
,
						"activebgoncolor" : 						{
							"expression" : "themecolor.live_control_bg"
						}
,
						"activetextcolor" : 						{
							"expression" : "themecolor.live_control_fg_on"
						}
,
						"activetextoncolor" : 						{
							"expression" : "themecolor.live_control_fg"
						}
,
						"valueof" : 						{
							"parameter_annotation_name" : "Band",
							"parameter_enum" : [ "Off", "On" ],
							"parameter_info" : "Plays every part of the style that is still missing in the selected scene, each on a track of its own, all in the same key and groove. Undo takes it away again.",
							"parameter_invisible" : 2,
							"parameter_longname" : "Band",
							"parameter_mmax" : 1,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Band",
							"parameter_type" : 2
						}

					}
,
					"text" : "Band",
					"texton" : "Band",
					"varname" : "band"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "Plays a new drum clip that fits what is there. It goes where the Goes To menu says, into the next empty slot. Undo takes it away again.",
					"annotation_name" : "Drums",
					"automation" : "Off",
					"automationon" : "On",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 10.5,
					"id" : "obj-18",
					"maxclass" : "live.text",
					"mode" : 0,
					"numinlets" : 1,
					"numoutlets" : 2,
					"outlettype" : [ "", "" ],
					"outputmode" : 0,
					"parameter_enable" : 1,
					"patching_rect" : [ 240.0, 24.0, 45.0, 23.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 49.0, 53.0, 45.0, 23.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Drums",
							"parameter_enum" : [ "Off", "On" ],
							"parameter_info" : "Plays a new drum clip that fits what is there. It goes where the Goes To menu says, into the next empty slot. Undo takes it away again.",
							"parameter_invisible" : 2,
							"parameter_longname" : "Drums",
							"parameter_mmax" : 1,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Drums",
							"parameter_type" : 2
						}

					}
,
					"text" : "Drums",
					"texton" : "Drums",
					"varname" : "drums"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "Plays a new bass line that locks to the kick and follows the chords it hears. It goes where the Goes To menu says. Undo takes it away again.",
					"annotation_name" : "Bass",
					"automation" : "Off",
					"automationon" : "On",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 10.5,
					"id" : "obj-19",
					"maxclass" : "live.text",
					"mode" : 0,
					"numinlets" : 1,
					"numoutlets" : 2,
					"outlettype" : [ "", "" ],
					"outputmode" : 0,
					"parameter_enable" : 1,
					"patching_rect" : [ 352.0, 24.0, 45.0, 23.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 95.0, 53.0, 45.0, 23.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Bass",
							"parameter_enum" : [ "Off", "On" ],
							"parameter_info" : "Plays a new bass line that locks to the kick and follows the chords it hears. It goes where the Goes To menu says. Undo takes it away again.",
							"parameter_invisible" : 2,
							"parameter_longname" : "Bass",
							"parameter_mmax" : 1,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Bass",
							"parameter_type" : 2
						}

					}
,
					"text" : "Bass",
					"texton" : "Bass",
					"varname" : "bass"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "Finds a chord progression in the key, or takes up the one that plays, and voices it for the hands. It goes where the Goes To menu says. Undo takes it away again.",
					"annotation_name" : "Chords",
					"automation" : "Off",
					"automationon" : "On",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 10.5,
					"id" : "obj-20",
					"maxclass" : "live.text",
					"mode" : 0,
					"numinlets" : 1,
					"numoutlets" : 2,
					"outlettype" : [ "", "" ],
					"outputmode" : 0,
					"parameter_enable" : 1,
					"patching_rect" : [ 456.0, 24.0, 45.0, 23.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 141.0, 53.0, 45.0, 23.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Chords",
							"parameter_enum" : [ "Off", "On" ],
							"parameter_info" : "Finds a chord progression in the key, or takes up the one that plays, and voices it for the hands. It goes where the Goes To menu says. Undo takes it away again.",
							"parameter_invisible" : 2,
							"parameter_longname" : "Chords",
							"parameter_mmax" : 1,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Chords",
							"parameter_type" : 2
						}

					}
,
					"text" : "Chords",
					"texton" : "Chords",
					"varname" : "harmony"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "Writes a whole song by the band, from intro to ending. The menus below say where it goes and how long it is. Undo takes it away again.",
					"annotation_name" : "Song",
					"automation" : "Off",
					"automationon" : "On",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 10.5,
					"id" : "obj-21",
					"maxclass" : "live.text",
					"mode" : 0,
					"numinlets" : 1,
					"numoutlets" : 2,
					"outlettype" : [ "", "" ],
					"outputmode" : 0,
					"parameter_enable" : 1,
					"patching_rect" : [ 576.0, 24.0, 45.0, 23.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 3.0, 77.0, 45.0, 23.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Song",
							"parameter_enum" : [ "Off", "On" ],
							"parameter_info" : "Writes a whole song by the band, from intro to ending. The menus below say where it goes and how long it is. Undo takes it away again.",
							"parameter_invisible" : 2,
							"parameter_longname" : "Song",
							"parameter_mmax" : 1,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Song",
							"parameter_type" : 2
						}

					}
,
					"text" : "Song",
					"texton" : "Song",
					"varname" : "song"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "Plays a new tune over the chords, made of motifs that come again and are varied. It goes where the Goes To menu says. Undo takes it away again.",
					"annotation_name" : "Melody",
					"automation" : "Off",
					"automationon" : "On",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 10.5,
					"id" : "obj-22",
					"maxclass" : "live.text",
					"mode" : 0,
					"numinlets" : 1,
					"numoutlets" : 2,
					"outlettype" : [ "", "" ],
					"outputmode" : 0,
					"parameter_enable" : 1,
					"patching_rect" : [ 680.0, 24.0, 45.0, 23.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 49.0, 77.0, 45.0, 23.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Melody",
							"parameter_enum" : [ "Off", "On" ],
							"parameter_info" : "Plays a new tune over the chords, made of motifs that come again and are varied. It goes where the Goes To menu says. Undo takes it away again.",
							"parameter_invisible" : 2,
							"parameter_longname" : "Melody",
							"parameter_mmax" : 1,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Melody",
							"parameter_type" : 2
						}

					}
,
					"text" : "Melody",
					"texton" : "Melody",
					"varname" : "melody"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "Plays pads, drones and sparse sounds in the room that the other parts leave. It goes where the Goes To menu says. Undo takes it away again.",
					"annotation_name" : "Atmosphere",
					"automation" : "Off",
					"automationon" : "On",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 10.5,
					"id" : "obj-23",
					"maxclass" : "live.text",
					"mode" : 0,
					"numinlets" : 1,
					"numoutlets" : 2,
					"outlettype" : [ "", "" ],
					"outputmode" : 0,
					"parameter_enable" : 1,
					"patching_rect" : [ 792.0, 24.0, 45.0, 23.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 95.0, 77.0, 45.0, 23.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Atmosphere",
							"parameter_enum" : [ "Off", "On" ],
							"parameter_info" : "Plays pads, drones and sparse sounds in the room that the other parts leave. It goes where the Goes To menu says. Undo takes it away again.",
							"parameter_invisible" : 2,
							"parameter_longname" : "Atmosphere",
							"parameter_mmax" : 1,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Atmos",
							"parameter_type" : 2
						}

					}
,
					"text" : "Atmos",
					"texton" : "Atmos",
					"varname" : "atmos"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "Sets volumes, panning, sends and, where Live lets it, equalisers so that the tracks stand well together. Undo takes it away again.",
					"annotation_name" : "Mix",
					"automation" : "Off",
					"automationon" : "On",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 10.5,
					"id" : "obj-24",
					"maxclass" : "live.text",
					"mode" : 0,
					"numinlets" : 1,
					"numoutlets" : 2,
					"outlettype" : [ "", "" ],
					"outputmode" : 0,
					"parameter_enable" : 1,
					"patching_rect" : [ 904.0, 24.0, 45.0, 23.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 141.0, 77.0, 45.0, 23.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Mix",
							"parameter_enum" : [ "Off", "On" ],
							"parameter_info" : "Sets volumes, panning, sends and, where Live lets it, equalisers so that the tracks stand well together. Undo takes it away again.",
							"parameter_invisible" : 2,
							"parameter_longname" : "Mix",
							"parameter_mmax" : 1,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Mix",
							"parameter_type" : 2
						}

					}
,
					"text" : "Mix",
					"texton" : "Mix",
					"varname" : "mix"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "Where the Song button writes, and how long the song is.",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 9.5,
					"id" : "obj-25",
					"maxclass" : "live.comment",
					"numinlets" : 1,
					"numoutlets" : 0,
					"patching_rect" : [ 120.0, 1056.0, 45.0, 15.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 3.0, 103.0, 45.0, 15.0 ],
					"text" : "Song to",
					"textjustification" : 0,
					"varname" : "song_label"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "Where Song writes: one scene for each section in the Session, or the Arrangement with locators.",
					"annotation_name" : "Song To",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 9.5,
					"id" : "obj-26",
					"maxclass" : "live.menu",
					"numinlets" : 1,
					"numoutlets" : 3,
					"outlettype" : [ "", "", "float" ],
					"parameter_enable" : 1,
					"patching_rect" : [ 1000.0, 24.0, 91.0, 15.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 49.0, 103.0, 91.0, 15.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Song To",
							"parameter_enum" : [ "Scenes", "Timeline" ],
							"parameter_info" : "Where Song writes: one scene for each section in the Session, or the Arrangement with locators.",
							"parameter_initial" : [ 0 ],
							"parameter_initial_enable" : 1,
							"parameter_longname" : "Song To",
							"parameter_mmax" : 1,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Song To",
							"parameter_type" : 2,
							"parameter_unitstyle" : 9
						}

					}
,
					"varname" : "song_to"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "About how many minutes a song lasts; it ends with a whole phrase.",
					"annotation_name" : "Song Length",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 9.5,
					"id" : "obj-27",
					"maxclass" : "live.menu",
					"numinlets" : 1,
					"numoutlets" : 3,
					"outlettype" : [ "", "", "float" ],
					"parameter_enable" : 1,
					"patching_rect" : [ 24.0, 224.0, 45.0, 15.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 141.0, 103.0, 45.0, 15.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Song Length",
							"parameter_enum" : [ "1:00", "2:00", "3:00", "4:00", "5:00" ],
							"parameter_info" : "About how many minutes a song lasts; it ends with a whole phrase.",
							"parameter_initial" : [ 2 ],
							"parameter_initial_enable" : 1,
							"parameter_longname" : "Song Length",
							"parameter_mmax" : 4,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Length",
							"parameter_type" : 2,
							"parameter_unitstyle" : 9
						}

					}
,
					"varname" : "song_length"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "The style to play in. Auto style takes the one that suits the set: what plays in it, its tempo and its key.",
					"annotation_name" : "Style",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 9.5,
					"id" : "obj-28",
					"maxclass" : "live.menu",
					"numinlets" : 1,
					"numoutlets" : 3,
					"outlettype" : [ "", "", "float" ],
					"parameter_enable" : 1,
					"patching_rect" : [ 168.0, 224.0, 140.0, 15.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 193.0, 53.0, 140.0, 15.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Style",
							"parameter_enum" : [ "Auto style", "afrobeat", "ambient", "ballad", "blues", "bossa nova", "cinematic", "classical", "country", "deep house", "disco", "drill", "drum and bass", "dub", "dubstep", "folk", "funk", "hip-hop", "house", "jazz swing", "lo-fi", "metal", "pop", "R&B", "reggae", "rock", "salsa", "soul", "techno", "trance", "trap" ],
							"parameter_info" : "The style to play in. Auto style takes the one that suits the set: what plays in it, its tempo and its key.",
							"parameter_initial" : [ 0 ],
							"parameter_initial_enable" : 1,
							"parameter_longname" : "Style",
							"parameter_mmax" : 30,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Style",
							"parameter_type" : 2,
							"parameter_unitstyle" : 9
						}

					}
,
					"varname" : "style"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "The key's root. Set key follows the scale of the Live Set, or what is heard in it.",
					"annotation_name" : "Key Root",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 9.5,
					"id" : "obj-29",
					"maxclass" : "live.menu",
					"numinlets" : 1,
					"numoutlets" : 3,
					"outlettype" : [ "", "", "float" ],
					"parameter_enable" : 1,
					"patching_rect" : [ 328.0, 224.0, 55.0, 15.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 193.0, 69.0, 55.0, 15.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Key Root",
							"parameter_enum" : [ "Set key", "C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B" ],
							"parameter_info" : "The key's root. Set key follows the scale of the Live Set, or what is heard in it.",
							"parameter_initial" : [ 0 ],
							"parameter_initial_enable" : 1,
							"parameter_longname" : "Key Root",
							"parameter_mmax" : 12,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Root",
							"parameter_type" : 2,
							"parameter_unitstyle" : 9
						}

					}
,
					"varname" : "key_root"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "The key's mode. It counts only while a root is chosen on its left.",
					"annotation_name" : "Key Mode",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 9.5,
					"id" : "obj-30",
					"maxclass" : "live.menu",
					"numinlets" : 1,
					"numoutlets" : 3,
					"outlettype" : [ "", "", "float" ],
					"parameter_enable" : 1,
					"patching_rect" : [ 456.0, 224.0, 84.0, 15.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 249.0, 69.0, 84.0, 15.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Key Mode",
							"parameter_enum" : [ "Major", "Minor", "Dorian", "Phrygian", "Lydian", "Mixolydian", "Locrian" ],
							"parameter_info" : "The key's mode. It counts only while a root is chosen on its left.",
							"parameter_initial" : [ 1 ],
							"parameter_initial_enable" : 1,
							"parameter_longname" : "Key Mode",
							"parameter_mmax" : 6,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Mode",
							"parameter_type" : 2,
							"parameter_unitstyle" : 9
						}

					}
,
					"varname" : "key_mode"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "How long new clips are.",
					"annotation_name" : "Bars",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 9.5,
					"id" : "obj-31",
					"maxclass" : "live.menu",
					"numinlets" : 1,
					"numoutlets" : 3,
					"outlettype" : [ "", "", "float" ],
					"parameter_enable" : 1,
					"patching_rect" : [ 584.0, 224.0, 55.0, 15.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 193.0, 85.0, 55.0, 15.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Bars",
							"parameter_enum" : [ "1 bar", "2 bars", "4 bars", "8 bars", "12 bars", "16 bars", "24 bars", "32 bars" ],
							"parameter_info" : "How long new clips are.",
							"parameter_initial" : [ 3 ],
							"parameter_initial_enable" : 1,
							"parameter_longname" : "Bars",
							"parameter_mmax" : 7,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Bars",
							"parameter_type" : 2,
							"parameter_unitstyle" : 9
						}

					}
,
					"varname" : "bars"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "Where a new clip goes. Own track: the player's own, made when it is missing; This track: the next empty slot of the track that MuseAroo sits on; Replace: the place of its clip in the selected scene. Notes for an audio track go to the player's own.",
					"annotation_name" : "Goes To",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 9.5,
					"id" : "obj-32",
					"maxclass" : "live.menu",
					"numinlets" : 1,
					"numoutlets" : 3,
					"outlettype" : [ "", "", "float" ],
					"parameter_enable" : 1,
					"patching_rect" : [ 688.0, 224.0, 84.0, 15.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 249.0, 85.0, 84.0, 15.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Goes To",
							"parameter_enum" : [ "Own track", "This track", "Replace" ],
							"parameter_info" : "Where a new clip goes. Own track: the player's own, made when it is missing; This track: the next empty slot of the track that MuseAroo sits on; Replace: the place of its clip in the selected scene. Notes for an audio track go to the player's own.",
							"parameter_initial" : [ 0 ],
							"parameter_initial_enable" : 1,
							"parameter_longname" : "Goes To",
							"parameter_mmax" : 2,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Goes To",
							"parameter_type" : 2,
							"parameter_unitstyle" : 9
						}

					}
,
					"varname" : "where"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "From plain to busy: how much happens in what is played next.",
					"annotation_name" : "Complexity",
					"appearance" : 0,
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 9.5,
					"id" : "obj-33",
					"maxclass" : "live.dial",
					"numinlets" : 1,
					"numoutlets" : 2,
					"outlettype" : [ "", "float" ],
					"parameter_enable" : 1,
					"patching_rect" : [ 800.0, 224.0, 45.0, 48.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 3.0, 118.0, 45.0, 48.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Complexity",
							"parameter_info" : "From plain to busy: how much happens in what is played next.",
							"parameter_initial" : [ 50 ],
							"parameter_initial_enable" : 1,
							"parameter_longname" : "Complexity",
							"parameter_mmax" : 100.0,
							"parameter_modmode" : 4,
							"parameter_shortname" : "Complex",
							"parameter_type" : 1,
							"parameter_unitstyle" : 5
						}

					}
,
					"varname" : "complexity"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "How finely time is divided: fewer and longer notes to the left, more and shorter ones to the right; 50 % is as the style has it.",
					"annotation_name" : "Density",
					"appearance" : 0,
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 9.5,
					"id" : "obj-34",
					"maxclass" : "live.dial",
					"numinlets" : 1,
					"numoutlets" : 2,
					"outlettype" : [ "", "float" ],
					"parameter_enable" : 1,
					"patching_rect" : [ 936.0, 224.0, 45.0, 48.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 49.0, 118.0, 45.0, 48.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Density",
							"parameter_info" : "How finely time is divided: fewer and longer notes to the left, more and shorter ones to the right; 50 % is as the style has it.",
							"parameter_initial" : [ 50 ],
							"parameter_initial_enable" : 1,
							"parameter_longname" : "Density",
							"parameter_mmax" : 100.0,
							"parameter_modmode" : 4,
							"parameter_shortname" : "Density",
							"parameter_type" : 1,
							"parameter_unitstyle" : 5
						}

					}
,
					"varname" : "density"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "How long the first of two notes is beside the second. 0 % follows the set and the style, 1 % is straight, 50 % is triplets, 100 % is three to one.",
					"annotation_name" : "Swing",
					"appearance" : 0,
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 9.5,
					"id" : "obj-35",
					"maxclass" : "live.dial",
					"numinlets" : 1,
					"numoutlets" : 2,
					"outlettype" : [ "", "float" ],
					"parameter_enable" : 1,
					"patching_rect" : [ 1056.0, 224.0, 45.0, 48.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 95.0, 118.0, 45.0, 48.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Swing",
							"parameter_info" : "How long the first of two notes is beside the second. 0 % follows the set and the style, 1 % is straight, 50 % is triplets, 100 % is three to one.",
							"parameter_initial" : [ 0 ],
							"parameter_initial_enable" : 1,
							"parameter_longname" : "Swing",
							"parameter_mmax" : 100.0,
							"parameter_modmode" : 4,
							"parameter_shortname" : "Swing",
							"parameter_type" : 1,
							"parameter_unitstyle" : 5
						}

					}
,
					"varname" : "swing"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "From the grid to loose hands: 0 % is exactly on the grid, 50 % is as people of the style play.",
					"annotation_name" : "Humanise",
					"appearance" : 0,
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 9.5,
					"id" : "obj-36",
					"maxclass" : "live.dial",
					"numinlets" : 1,
					"numoutlets" : 2,
					"outlettype" : [ "", "float" ],
					"parameter_enable" : 1,
					"patching_rect" : [ 24.0, 344.0, 45.0, 48.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 141.0, 118.0, 45.0, 48.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Humanise",
							"parameter_info" : "From the grid to loose hands: 0 % is exactly on the grid, 50 % is as people of the style play.",
							"parameter_initial" : [ 50 ],
							"parameter_initial_enable" : 1,
							"parameter_longname" : "Humanise",
							"parameter_mmax" : 100.0,
							"parameter_modmode" : 4,
							"parameter_shortname" : "Human",
							"parameter_type" : 1,
							"parameter_unitstyle" : 5
						}

					}
,
					"varname" : "humanise"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "Plays another take of the last clip that this device made, or of the one in Clip View. It goes into the next empty slot below, or in its place where Goes To says Replace.",
					"annotation_name" : "Again",
					"automation" : "Off",
					"automationon" : "On",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 10.5,
					"id" : "obj-37",
					"maxclass" : "live.text",
					"mode" : 0,
					"numinlets" : 1,
					"numoutlets" : 2,
					"outlettype" : [ "", "" ],
					"outputmode" : 0,
					"parameter_enable" : 1,
					"patching_rect" : [ 152.0, 344.0, 48.0, 23.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 585.0, 53.0, 48.0, 23.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Again",
							"parameter_enum" : [ "Off", "On" ],
							"parameter_info" : "Plays another take of the last clip that this device made, or of the one in Clip View. It goes into the next empty slot below, or in its place where Goes To says Replace.",
							"parameter_invisible" : 2,
							"parameter_longname" : "Again",
							"parameter_mmax" : 1,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Again",
							"parameter_type" : 2
						}

					}
,
					"text" : "Again",
					"texton" : "Again",
					"varname" : "again"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "Takes back the last thing that MuseAroo wrote into the set, if nothing came after it. Live's own undo does the same.",
					"annotation_name" : "Undo",
					"automation" : "Off",
					"automationon" : "On",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 10.5,
					"id" : "obj-38",
					"maxclass" : "live.text",
					"mode" : 0,
					"numinlets" : 1,
					"numoutlets" : 2,
					"outlettype" : [ "", "" ],
					"outputmode" : 0,
					"parameter_enable" : 1,
					"patching_rect" : [ 264.0, 344.0, 48.0, 23.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 634.0, 53.0, 48.0, 23.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Undo",
							"parameter_enum" : [ "Off", "On" ],
							"parameter_info" : "Takes back the last thing that MuseAroo wrote into the set, if nothing came after it. Live's own undo does the same.",
							"parameter_invisible" : 2,
							"parameter_longname" : "Undo",
							"parameter_mmax" : 1,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Undo",
							"parameter_type" : 2
						}

					}
,
					"text" : "Undo",
					"texton" : "Undo",
					"varname" : "undo"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "Plays that clip once more with less in it: fewer notes, plainer rhythms. It goes into the next empty slot below, or in its place where Goes To says Replace.",
					"annotation_name" : "Simpler",
					"automation" : "Off",
					"automationon" : "On",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 10.5,
					"id" : "obj-39",
					"maxclass" : "live.text",
					"mode" : 0,
					"numinlets" : 1,
					"numoutlets" : 2,
					"outlettype" : [ "", "" ],
					"outputmode" : 0,
					"parameter_enable" : 1,
					"patching_rect" : [ 368.0, 344.0, 48.0, 23.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 585.0, 77.0, 48.0, 23.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Simpler",
							"parameter_enum" : [ "Off", "On" ],
							"parameter_info" : "Plays that clip once more with less in it: fewer notes, plainer rhythms. It goes into the next empty slot below, or in its place where Goes To says Replace.",
							"parameter_invisible" : 2,
							"parameter_longname" : "Simpler",
							"parameter_mmax" : 1,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Simpler",
							"parameter_type" : 2
						}

					}
,
					"text" : "Simpler",
					"texton" : "Simpler",
					"varname" : "simpler"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "Plays that clip once more with more in it: fills, passing notes, finer rhythms. It goes into the next empty slot below, or in its place where Goes To says Replace.",
					"annotation_name" : "Busier",
					"automation" : "Off",
					"automationon" : "On",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 10.5,
					"id" : "obj-40",
					"maxclass" : "live.text",
					"mode" : 0,
					"numinlets" : 1,
					"numoutlets" : 2,
					"outlettype" : [ "", "" ],
					"outputmode" : 0,
					"parameter_enable" : 1,
					"patching_rect" : [ 488.0, 344.0, 48.0, 23.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 634.0, 77.0, 48.0, 23.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Busier",
							"parameter_enum" : [ "Off", "On" ],
							"parameter_info" : "Plays that clip once more with more in it: fills, passing notes, finer rhythms. It goes into the next empty slot below, or in its place where Goes To says Replace.",
							"parameter_invisible" : 2,
							"parameter_longname" : "Busier",
							"parameter_mmax" : 1,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Busier",
							"parameter_type" : 2
						}

					}
,
					"text" : "Busier",
					"texton" : "Busier",
					"varname" : "busier"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "Stops the last press that is still under way. Nothing of it stays in the set.",
					"annotation_name" : "Cancel",
					"automation" : "Off",
					"automationon" : "On",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 9.5,
					"id" : "obj-41",
					"maxclass" : "live.text",
					"mode" : 0,
					"numinlets" : 1,
					"numoutlets" : 2,
					"outlettype" : [ "", "" ],
					"outputmode" : 0,
					"parameter_enable" : 1,
					"patching_rect" : [ 600.0, 344.0, 48.0, 15.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 585.0, 3.0, 48.0, 15.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Cancel",
							"parameter_enum" : [ "Off", "On" ],
							"parameter_info" : "Stops the last press that is still under way. Nothing of it stays in the set.",
							"parameter_invisible" : 2,
							"parameter_longname" : "Cancel",
							"parameter_mmax" : 1,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Cancel",
							"parameter_type" : 2
						}

					}
,
					"text" : "Cancel",
					"texton" : "Cancel",
					"varname" : "cancel"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "Hears the clip in Clip View and says its tempo, key and chords. The menu beside it says what is written into the set.",
					"annotation_name" : "Analyse",
					"automation" : "Off",
					"automationon" : "On",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 9.5,
					"id" : "obj-42",
					"maxclass" : "live.text",
					"mode" : 0,
					"numinlets" : 1,
					"numoutlets" : 2,
					"outlettype" : [ "", "" ],
					"outputmode" : 0,
					"parameter_enable" : 1,
					"patching_rect" : [ 712.0, 344.0, 48.0, 15.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 585.0, 103.0, 48.0, 15.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Analyse",
							"parameter_enum" : [ "Off", "On" ],
							"parameter_info" : "Hears the clip in Clip View and says its tempo, key and chords. The menu beside it says what is written into the set.",
							"parameter_invisible" : 2,
							"parameter_longname" : "Analyse",
							"parameter_mmax" : 1,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Analyse",
							"parameter_type" : 2
						}

					}
,
					"text" : "Analyse",
					"texton" : "Analyse",
					"varname" : "analyse"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "What Analyse writes. Look: nothing; Warp: the clip's warp markers and name; Set: these, locators, and tempo, time signature and scale of the Live Set. Undo takes it back.",
					"annotation_name" : "Analyse For",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 9.5,
					"id" : "obj-43",
					"maxclass" : "live.menu",
					"numinlets" : 1,
					"numoutlets" : 3,
					"outlettype" : [ "", "", "float" ],
					"parameter_enable" : 1,
					"patching_rect" : [ 832.0, 344.0, 48.0, 15.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 634.0, 103.0, 48.0, 15.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Analyse For",
							"parameter_enum" : [ "Look", "Warp", "Set" ],
							"parameter_info" : "What Analyse writes. Look: nothing; Warp: the clip's warp markers and name; Set: these, locators, and tempo, time signature and scale of the Live Set. Undo takes it back.",
							"parameter_initial" : [ 0 ],
							"parameter_initial_enable" : 1,
							"parameter_longname" : "Analyse For",
							"parameter_mmax" : 2,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Writes",
							"parameter_type" : 2,
							"parameter_unitstyle" : 9
						}

					}
,
					"varname" : "analyse_for"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "Takes the audio clip in Clip View apart into drums, bass, voice and the rest, each on a new track. Undo takes the tracks away again.",
					"annotation_name" : "Split",
					"automation" : "Off",
					"automationon" : "On",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 9.5,
					"id" : "obj-44",
					"maxclass" : "live.text",
					"mode" : 0,
					"numinlets" : 1,
					"numoutlets" : 2,
					"outlettype" : [ "", "" ],
					"outputmode" : 0,
					"parameter_enable" : 1,
					"patching_rect" : [ 976.0, 344.0, 48.0, 15.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 585.0, 119.0, 48.0, 15.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Split",
							"parameter_enum" : [ "Off", "On" ],
							"parameter_info" : "Takes the audio clip in Clip View apart into drums, bass, voice and the rest, each on a new track. Undo takes the tracks away again.",
							"parameter_invisible" : 2,
							"parameter_longname" : "Split",
							"parameter_mmax" : 1,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Split",
							"parameter_type" : 2
						}

					}
,
					"text" : "Split",
					"texton" : "Split",
					"varname" : "split"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "While it is on, every audio clip that is dropped onto this track is split by itself.",
					"annotation_name" : "Auto Split",
					"automation" : "Off",
					"automationon" : "On",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 9.5,
					"id" : "obj-45",
					"maxclass" : "live.text",
					"numinlets" : 1,
					"numoutlets" : 2,
					"outlettype" : [ "", "" ],
					"outputmode" : 0,
					"parameter_enable" : 1,
					"patching_rect" : [ 1088.0, 344.0, 48.0, 15.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 634.0, 119.0, 48.0, 15.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Auto Split",
							"parameter_enum" : [ "Off", "On" ],
							"parameter_info" : "While it is on, every audio clip that is dropped onto this track is split by itself.",
							"parameter_initial" : [ 0 ],
							"parameter_initial_enable" : 1,
							"parameter_longname" : "Auto Split",
							"parameter_mmax" : 1,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Auto",
							"parameter_type" : 2
						}

					}
,
					"text" : "Auto",
					"texton" : "Auto",
					"varname" : "auto_split"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "A MIDI effect hears no sound. Put the audio effect MuseAroo on a track with sound to listen to it.",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 8.5,
					"id" : "obj-46",
					"maxclass" : "live.comment",
					"numinlets" : 1,
					"numoutlets" : 0,
					"patching_rect" : [ 184.0, 1056.0, 97.0, 31.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 585.0, 135.0, 97.0, 31.0 ],
					"text" : "Listen: on audio tracks only",
					"textjustification" : 0,
					"varname" : "listen_hint"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "What it is to sound like, in words, such as: warm dub bass with tape echo. Left empty, the set itself suggests it.",
					"annotation_name" : "Prompt",
					"bangmode" : 0,
					"bgcolor" : [ 0.141176470588235, 0.141176470588235, 0.141176470588235, 1.0 ],
					"border" : 1.0,
					"bordercolor" : [ 0.066666666666667, 0.066666666666667, 0.066666666666667, 1.0 ],
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 9.5,
					"id" : "obj-47",
					"keymode" : 1,
					"lines" : 2,
					"maxclass" : "textedit",
					"numinlets" : 1,
					"numoutlets" : 4,
					"outlettype" : [ "", "int", "", "" ],
					"outputmode" : 1,
					"parameter_enable" : 1,
					"patching_rect" : [ 24.0, 464.0, 138.0, 29.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 194.0, 104.0, 138.0, 29.0 ],
					"rounded" : 0.0,
					"saved_attribute_attributes" : 					{
						"bgcolor" : 						{
							"expression" : "themecolor.live_control_text_bg"
						}
,
						"bordercolor" : 						{
							"expression" : "themecolor.live_contrast_frame"
						}
,
						"textcolor" : 						{
							"expression" : "themecolor.live_control_fg"
						}
,
						"valueof" : 						{
							"parameter_initial" : [ "" ],
							"parameter_initial_enable" : 1,
							"parameter_invisible" : 1,
							"parameter_longname" : "Prompt",
							"parameter_modmode" : 0,
							"parameter_shortname" : "Prompt",
							"parameter_type" : 3
						}

					}
,
					"text" : "",
					"textcolor" : [ 0.709803921568627, 0.709803921568627, 0.709803921568627, 1.0 ],
					"varname" : "prompt",
					"wordwrap" : 1
				}

			}
, 			{
				"box" : 				{
					"annotation" : "Makes an audio loop of the words above, in the tempo and key of the set, on an audio track. This takes a while; Cancel stops it.",
					"annotation_name" : "Imagine",
					"automation" : "Off",
					"automationon" : "On",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 10.5,
					"id" : "obj-48",
					"maxclass" : "live.text",
					"mode" : 0,
					"numinlets" : 1,
					"numoutlets" : 2,
					"outlettype" : [ "", "" ],
					"outputmode" : 0,
					"parameter_enable" : 1,
					"patching_rect" : [ 184.0, 464.0, 55.0, 31.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 193.0, 135.0, 55.0, 31.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Imagine",
							"parameter_enum" : [ "Off", "On" ],
							"parameter_info" : "Makes an audio loop of the words above, in the tempo and key of the set, on an audio track. This takes a while; Cancel stops it.",
							"parameter_invisible" : 2,
							"parameter_longname" : "Imagine",
							"parameter_mmax" : 1,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Imagine",
							"parameter_type" : 2
						}

					}
,
					"text" : "Imagine",
					"texton" : "Imagine",
					"varname" : "imagine"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "What Imagine begins with: the words alone, the tune of the clip in Clip View, or the end of that clip, which it continues.",
					"annotation_name" : "Imagine From",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 9.5,
					"id" : "obj-49",
					"maxclass" : "live.menu",
					"numinlets" : 1,
					"numoutlets" : 3,
					"outlettype" : [ "", "", "float" ],
					"parameter_enable" : 1,
					"patching_rect" : [ 304.0, 464.0, 84.0, 15.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 249.0, 135.0, 84.0, 15.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Imagine From",
							"parameter_enum" : [ "From words", "Clip's tune", "Clip's end" ],
							"parameter_info" : "What Imagine begins with: the words alone, the tune of the clip in Clip View, or the end of that clip, which it continues.",
							"parameter_initial" : [ 0 ],
							"parameter_initial_enable" : 1,
							"parameter_longname" : "Imagine From",
							"parameter_mmax" : 2,
							"parameter_modmode" : 0,
							"parameter_shortname" : "From",
							"parameter_type" : 2,
							"parameter_unitstyle" : 9
						}

					}
,
					"varname" : "imagine_from"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "What imagines. Best model takes the best that is installed; Sketch is quick and plain, and Ambient is a piece of endless music: both need no model.",
					"annotation_name" : "Imagine With",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 9.5,
					"id" : "obj-50",
					"maxclass" : "live.menu",
					"numinlets" : 1,
					"numoutlets" : 3,
					"outlettype" : [ "", "", "float" ],
					"parameter_enable" : 1,
					"patching_rect" : [ 456.0, 464.0, 84.0, 15.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 249.0, 151.0, 84.0, 15.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Imagine With",
							"parameter_enum" : [ "Best model", "MusicGen", "Stable Audio", "Sketch", "Ambient" ],
							"parameter_info" : "What imagines. Best model takes the best that is installed; Sketch is quick and plain, and Ambient is a piece of endless music: both need no model.",
							"parameter_initial" : [ 0 ],
							"parameter_initial_enable" : 1,
							"parameter_longname" : "Imagine With",
							"parameter_mmax" : 4,
							"parameter_modmode" : 0,
							"parameter_shortname" : "With",
							"parameter_type" : 2,
							"parameter_unitstyle" : 9
						}

					}
,
					"varname" : "imagine_with"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "While it is on, takes of Band, the players, Again, Simpler and Busier are on trial: they sound in their slot in Live until you press Keep or Drop, or the next one comes. The settings can choose a MIDI port instead.",
					"annotation_name" : "Hear First",
					"automation" : "Off",
					"automationon" : "On",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 10.5,
					"id" : "obj-51",
					"maxclass" : "live.text",
					"numinlets" : 1,
					"numoutlets" : 2,
					"outlettype" : [ "", "" ],
					"outputmode" : 0,
					"parameter_enable" : 1,
					"patching_rect" : [ 608.0, 464.0, 46.0, 31.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 340.0, 53.0, 46.0, 31.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Hear First",
							"parameter_enum" : [ "Off", "On" ],
							"parameter_info" : "While it is on, takes of Band, the players, Again, Simpler and Busier are on trial: they sound in their slot in Live until you press Keep or Drop, or the next one comes. The settings can choose a MIDI port instead.",
							"parameter_initial" : [ 0 ],
							"parameter_initial_enable" : 1,
							"parameter_longname" : "Hear First",
							"parameter_mmax" : 1,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Hear",
							"parameter_type" : 2
						}

					}
,
					"text" : "Hear",
					"texton" : "Hear",
					"varname" : "hear"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "Keeps the take that you hear in the set. When none is heard, it writes what you have just played into MuseAroo In, as the menus below say. Undo takes it away again.",
					"annotation_name" : "Keep",
					"automation" : "Off",
					"automationon" : "On",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 10.5,
					"id" : "obj-52",
					"maxclass" : "live.text",
					"mode" : 0,
					"numinlets" : 1,
					"numoutlets" : 2,
					"outlettype" : [ "", "" ],
					"outputmode" : 0,
					"parameter_enable" : 1,
					"patching_rect" : [ 712.0, 464.0, 46.0, 31.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 387.0, 53.0, 46.0, 31.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Keep",
							"parameter_enum" : [ "Off", "On" ],
							"parameter_info" : "Keeps the take that you hear in the set. When none is heard, it writes what you have just played into MuseAroo In, as the menus below say. Undo takes it away again.",
							"parameter_invisible" : 2,
							"parameter_longname" : "Keep",
							"parameter_mmax" : 1,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Keep",
							"parameter_type" : 2
						}

					}
,
					"text" : "Keep",
					"texton" : "Keep",
					"varname" : "keep"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "Silences the take that you hear, and takes it out of the set again.",
					"annotation_name" : "Drop",
					"automation" : "Off",
					"automationon" : "On",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 10.5,
					"id" : "obj-53",
					"maxclass" : "live.text",
					"mode" : 0,
					"numinlets" : 1,
					"numoutlets" : 2,
					"outlettype" : [ "", "" ],
					"outputmode" : 0,
					"parameter_enable" : 1,
					"patching_rect" : [ 816.0, 464.0, 46.0, 31.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 434.0, 53.0, 46.0, 31.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Drop",
							"parameter_enum" : [ "Off", "On" ],
							"parameter_info" : "Silences the take that you hear, and takes it out of the set again.",
							"parameter_invisible" : 2,
							"parameter_longname" : "Drop",
							"parameter_mmax" : 1,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Drop",
							"parameter_type" : 2
						}

					}
,
					"text" : "Drop",
					"texton" : "Drop",
					"varname" : "drop"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "How much of what you have just played Keep takes: the last phrase, from rest to rest, or so many of the last bars.",
					"annotation_name" : "Keep Bars",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 9.5,
					"id" : "obj-54",
					"maxclass" : "live.menu",
					"numinlets" : 1,
					"numoutlets" : 3,
					"outlettype" : [ "", "", "float" ],
					"parameter_enable" : 1,
					"patching_rect" : [ 920.0, 464.0, 84.0, 15.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 396.0, 85.0, 84.0, 15.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Keep Bars",
							"parameter_enum" : [ "Last phrase", "1 bar", "2 bars", "4 bars", "8 bars", "16 bars", "32 bars" ],
							"parameter_info" : "How much of what you have just played Keep takes: the last phrase, from rest to rest, or so many of the last bars.",
							"parameter_initial" : [ 0 ],
							"parameter_initial_enable" : 1,
							"parameter_longname" : "Keep Bars",
							"parameter_mmax" : 6,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Keep",
							"parameter_type" : 2,
							"parameter_unitstyle" : 9
						}

					}
,
					"varname" : "keep_bars"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "How Keep moves what you played to the beat. As is: not at all; Half: half of the way; Tight: wholly, though your feel, such as swing or playing behind the beat, stays in each case.",
					"annotation_name" : "Keep Tight",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 9.5,
					"id" : "obj-55",
					"maxclass" : "live.menu",
					"numinlets" : 1,
					"numoutlets" : 3,
					"outlettype" : [ "", "", "float" ],
					"parameter_enable" : 1,
					"patching_rect" : [ 1056.0, 464.0, 55.0, 15.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 340.0, 85.0, 55.0, 15.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Keep Tight",
							"parameter_enum" : [ "As is", "Half", "Tight" ],
							"parameter_info" : "How Keep moves what you played to the beat. As is: not at all; Half: half of the way; Tight: wholly, though your feel, such as swing or playing behind the beat, stays in each case.",
							"parameter_initial" : [ 2 ],
							"parameter_initial_enable" : 1,
							"parameter_longname" : "Keep Tight",
							"parameter_mmax" : 2,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Tight",
							"parameter_type" : 2,
							"parameter_unitstyle" : 9
						}

					}
,
					"varname" : "keep_tight"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "What the next new clips are to what you have just played into MuseAroo In.",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 9.5,
					"id" : "obj-56",
					"maxclass" : "live.comment",
					"numinlets" : 1,
					"numoutlets" : 0,
					"patching_rect" : [ 304.0, 1056.0, 140.0, 15.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 340.0, 103.0, 140.0, 15.0 ],
					"text" : "To what I just played:",
					"textjustification" : 0,
					"varname" : "to_played_label"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "What the players do with what you have just played into MuseAroo In: answer or continue it, lie under it as thirds, sixths or in four parts, or accompany it. Nothing special: they fit the set, as always.",
					"annotation_name" : "To What I Played",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 9.5,
					"id" : "obj-57",
					"maxclass" : "live.menu",
					"numinlets" : 1,
					"numoutlets" : 3,
					"outlettype" : [ "", "", "float" ],
					"parameter_enable" : 1,
					"patching_rect" : [ 24.0, 568.0, 140.0, 15.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 340.0, 119.0, 140.0, 15.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "To What I Played",
							"parameter_enum" : [ "Nothing special", "Answer it", "Continue it", "Add thirds", "Add sixths", "Four parts", "Accompany it" ],
							"parameter_info" : "What the players do with what you have just played into MuseAroo In: answer or continue it, lie under it as thirds, sixths or in four parts, or accompany it. Nothing special: they fit the set, as always.",
							"parameter_initial" : [ 0 ],
							"parameter_initial_enable" : 1,
							"parameter_longname" : "To What I Played",
							"parameter_mmax" : 6,
							"parameter_modmode" : 0,
							"parameter_shortname" : "To Played",
							"parameter_type" : 2,
							"parameter_unitstyle" : 9
						}

					}
,
					"varname" : "to_played"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "You play some bars, then MuseAroo answers for as many, turn by turn, until it is off. Map a pad or a pedal to it. It is off whenever a set is opened.",
					"annotation_name" : "Jam",
					"automation" : "Off",
					"automationon" : "On",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 10.5,
					"id" : "obj-58",
					"maxclass" : "live.text",
					"numinlets" : 1,
					"numoutlets" : 2,
					"outlettype" : [ "", "" ],
					"outputmode" : 0,
					"parameter_enable" : 1,
					"patching_rect" : [ 184.0, 568.0, 55.0, 31.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 340.0, 135.0, 55.0, 31.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Jam",
							"parameter_enum" : [ "Off", "On" ],
							"parameter_info" : "You play some bars, then MuseAroo answers for as many, turn by turn, until it is off. Map a pad or a pedal to it. It is off whenever a set is opened.",
							"parameter_initial" : [ 0 ],
							"parameter_initial_enable" : 1,
							"parameter_invisible" : 2,
							"parameter_longname" : "Jam",
							"parameter_mmax" : 1,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Jam",
							"parameter_type" : 2
						}

					}
,
					"text" : "Jam",
					"texton" : "Jam",
					"varname" : "jam"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "How long a turn of the jam is. It may be changed while you jam, and counts from the next turn.",
					"annotation_name" : "Jam Bars",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 9.5,
					"id" : "obj-59",
					"maxclass" : "live.menu",
					"numinlets" : 1,
					"numoutlets" : 3,
					"outlettype" : [ "", "", "float" ],
					"parameter_enable" : 1,
					"patching_rect" : [ 280.0, 568.0, 84.0, 15.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 396.0, 135.0, 84.0, 15.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Jam Bars",
							"parameter_enum" : [ "1 bar each", "2 bars each", "4 bars each", "8 bars each", "16 bars each" ],
							"parameter_info" : "How long a turn of the jam is. It may be changed while you jam, and counts from the next turn.",
							"parameter_initial" : [ 2 ],
							"parameter_initial_enable" : 1,
							"parameter_longname" : "Jam Bars",
							"parameter_mmax" : 4,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Jam",
							"parameter_type" : 2,
							"parameter_unitstyle" : 9
						}

					}
,
					"varname" : "jam_bars"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "Who answers in the jam. RooAroo: it decides by what you play.",
					"annotation_name" : "Jam With",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 9.5,
					"id" : "obj-60",
					"maxclass" : "live.menu",
					"numinlets" : 1,
					"numoutlets" : 3,
					"outlettype" : [ "", "", "float" ],
					"parameter_enable" : 1,
					"patching_rect" : [ 408.0, 568.0, 84.0, 15.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 396.0, 151.0, 84.0, 15.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Jam With",
							"parameter_enum" : [ "RooAroo", "Drums", "Bass", "Chords", "Melody", "Atmos" ],
							"parameter_info" : "Who answers in the jam. RooAroo: it decides by what you play.",
							"parameter_initial" : [ 0 ],
							"parameter_initial_enable" : 1,
							"parameter_longname" : "Jam With",
							"parameter_mmax" : 5,
							"parameter_modmode" : 0,
							"parameter_shortname" : "With",
							"parameter_type" : 2,
							"parameter_unitstyle" : 9
						}

					}
,
					"varname" : "jam_with"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "Music that goes on without an end and never repeats, through the sound card or, where the settings say so, at MuseAroo Out. It is lit while it plays, in all devices. It is off whenever a set is opened.",
					"annotation_name" : "Ambience",
					"automation" : "Off",
					"automationon" : "On",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 10.5,
					"id" : "obj-61",
					"maxclass" : "live.text",
					"numinlets" : 1,
					"numoutlets" : 2,
					"outlettype" : [ "", "" ],
					"outputmode" : 0,
					"parameter_enable" : 1,
					"patching_rect" : [ 536.0, 568.0, 91.0, 31.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 487.0, 3.0, 91.0, 31.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Ambience",
							"parameter_enum" : [ "Off", "On" ],
							"parameter_info" : "Music that goes on without an end and never repeats, through the sound card or, where the settings say so, at MuseAroo Out. It is lit while it plays, in all devices. It is off whenever a set is opened.",
							"parameter_initial" : [ 0 ],
							"parameter_initial_enable" : 1,
							"parameter_invisible" : 2,
							"parameter_longname" : "Ambience",
							"parameter_mmax" : 1,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Ambience",
							"parameter_type" : 2
						}

					}
,
					"text" : "Ambience",
					"texton" : "Ambience",
					"varname" : "ambience"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "The kind of endless music: its layers, scale, tempo and sounds. It may be changed while it plays.",
					"annotation_name" : "Ambience Preset",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 9.5,
					"id" : "obj-62",
					"maxclass" : "live.menu",
					"numinlets" : 1,
					"numoutlets" : 3,
					"outlettype" : [ "", "", "float" ],
					"parameter_enable" : 1,
					"patching_rect" : [ 664.0, 568.0, 91.0, 15.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 487.0, 35.0, 91.0, 15.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Ambience Preset",
							"parameter_enum" : [ "Drift", "Glass", "Tape", "Choir", "Rain", "Night bus", "Cathedral", "Embers" ],
							"parameter_info" : "The kind of endless music: its layers, scale, tempo and sounds. It may be changed while it plays.",
							"parameter_initial" : [ 0 ],
							"parameter_initial_enable" : 1,
							"parameter_longname" : "Ambience Preset",
							"parameter_mmax" : 7,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Preset",
							"parameter_type" : 2,
							"parameter_unitstyle" : 9
						}

					}
,
					"varname" : "ambience_preset"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "How much happens in the endless music. 50 % is as the preset has it.",
					"annotation_name" : "Ambience Density",
					"appearance" : 0,
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 9.5,
					"id" : "obj-63",
					"maxclass" : "live.dial",
					"numinlets" : 1,
					"numoutlets" : 2,
					"outlettype" : [ "", "float" ],
					"parameter_enable" : 1,
					"patching_rect" : [ 832.0, 568.0, 45.0, 48.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 487.0, 53.0, 45.0, 48.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Ambience Density",
							"parameter_info" : "How much happens in the endless music. 50 % is as the preset has it.",
							"parameter_initial" : [ 50 ],
							"parameter_initial_enable" : 1,
							"parameter_longname" : "Ambience Density",
							"parameter_mmax" : 100.0,
							"parameter_modmode" : 4,
							"parameter_shortname" : "Density",
							"parameter_type" : 1,
							"parameter_unitstyle" : 5
						}

					}
,
					"varname" : "ambience_density"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "How bright the endless music sounds. 50 % is as the preset has it.",
					"annotation_name" : "Ambience Brightness",
					"appearance" : 0,
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 9.5,
					"id" : "obj-64",
					"maxclass" : "live.dial",
					"numinlets" : 1,
					"numoutlets" : 2,
					"outlettype" : [ "", "float" ],
					"parameter_enable" : 1,
					"patching_rect" : [ 1008.0, 568.0, 45.0, 48.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 533.0, 53.0, 45.0, 48.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Ambience Brightness",
							"parameter_info" : "How bright the endless music sounds. 50 % is as the preset has it.",
							"parameter_initial" : [ 50 ],
							"parameter_initial_enable" : 1,
							"parameter_longname" : "Ambience Brightness",
							"parameter_mmax" : 100.0,
							"parameter_modmode" : 4,
							"parameter_shortname" : "Bright",
							"parameter_type" : 1,
							"parameter_unitstyle" : 5
						}

					}
,
					"varname" : "ambience_brightness"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "How much the sound of the endless music moves. 50 % is as the preset has it.",
					"annotation_name" : "Ambience Motion",
					"appearance" : 0,
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 9.5,
					"id" : "obj-65",
					"maxclass" : "live.dial",
					"numinlets" : 1,
					"numoutlets" : 2,
					"outlettype" : [ "", "float" ],
					"parameter_enable" : 1,
					"patching_rect" : [ 24.0, 688.0, 45.0, 48.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 487.0, 101.0, 45.0, 48.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Ambience Motion",
							"parameter_info" : "How much the sound of the endless music moves. 50 % is as the preset has it.",
							"parameter_initial" : [ 50 ],
							"parameter_initial_enable" : 1,
							"parameter_longname" : "Ambience Motion",
							"parameter_mmax" : 100.0,
							"parameter_modmode" : 4,
							"parameter_shortname" : "Motion",
							"parameter_type" : 1,
							"parameter_unitstyle" : 5
						}

					}
,
					"varname" : "ambience_motion"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "How large the room of the endless music is. 50 % is as the preset has it.",
					"annotation_name" : "Ambience Space",
					"appearance" : 0,
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 9.5,
					"id" : "obj-66",
					"maxclass" : "live.dial",
					"numinlets" : 1,
					"numoutlets" : 2,
					"outlettype" : [ "", "float" ],
					"parameter_enable" : 1,
					"patching_rect" : [ 192.0, 688.0, 45.0, 48.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 533.0, 101.0, 45.0, 48.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Ambience Space",
							"parameter_info" : "How large the room of the endless music is. 50 % is as the preset has it.",
							"parameter_initial" : [ 50 ],
							"parameter_initial_enable" : 1,
							"parameter_longname" : "Ambience Space",
							"parameter_mmax" : 100.0,
							"parameter_modmode" : 4,
							"parameter_shortname" : "Space",
							"parameter_type" : 1,
							"parameter_unitstyle" : 5
						}

					}
,
					"varname" : "ambience_space"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "Whether the endless music is in the preset's key and tempo, or follows key, tempo and chords of the set.",
					"annotation_name" : "Ambience Follows",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 9.5,
					"id" : "obj-67",
					"maxclass" : "live.menu",
					"numinlets" : 1,
					"numoutlets" : 3,
					"outlettype" : [ "", "", "float" ],
					"parameter_enable" : 1,
					"patching_rect" : [ 352.0, 688.0, 91.0, 15.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 487.0, 151.0, 91.0, 15.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Ambience Follows",
							"parameter_enum" : [ "Own key", "Follow set" ],
							"parameter_info" : "Whether the endless music is in the preset's key and tempo, or follows key, tempo and chords of the set.",
							"parameter_initial" : [ 0 ],
							"parameter_initial_enable" : 1,
							"parameter_longname" : "Ambience Follows",
							"parameter_mmax" : 1,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Follows",
							"parameter_type" : 2,
							"parameter_unitstyle" : 9
						}

					}
,
					"varname" : "ambience_follow"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "Lit while MuseAroo hears you. It reads Answer when MuseAroo has asked you something: press it and say your answer.",
					"annotation_name" : "Talk Light",
					"automation" : "Off",
					"automationon" : "On",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 10.5,
					"id" : "obj-68",
					"ignoreclick" : 1,
					"maxclass" : "live.text",
					"numinlets" : 1,
					"numoutlets" : 2,
					"outlettype" : [ "", "" ],
					"parameter_enable" : 1,
					"patching_rect" : [ 1960.0, 1000.0, 48.0, 31.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 634.0, 3.0, 48.0, 31.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Talk Light",
							"parameter_enum" : [ "Off", "On" ],
							"parameter_info" : "Lit while MuseAroo hears you. It reads Answer when MuseAroo has asked you something: press it and say your answer.",
							"parameter_initial" : [ 0 ],
							"parameter_initial_enable" : 1,
							"parameter_invisible" : 2,
							"parameter_longname" : "Talk Light",
							"parameter_mmax" : 1,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Light",
							"parameter_type" : 2
						}

					}
,
					"text" : "Talk",
					"texton" : "Talk",
					"varname" : "talk_face"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "Talk without holding: on to begin, off to end; it also goes off when you stop speaking. Map a pad or a pedal to it.",
					"annotation_name" : "Talk Latch",
					"automation" : "Off",
					"automationon" : "On",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 9.5,
					"id" : "obj-69",
					"maxclass" : "live.text",
					"numinlets" : 1,
					"numoutlets" : 2,
					"outlettype" : [ "", "" ],
					"outputmode" : 0,
					"parameter_enable" : 1,
					"patching_rect" : [ 520.0, 688.0, 48.0, 15.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 585.0, 35.0, 48.0, 15.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Talk Latch",
							"parameter_enum" : [ "Off", "On" ],
							"parameter_info" : "Talk without holding: on to begin, off to end; it also goes off when you stop speaking. Map a pad or a pedal to it.",
							"parameter_initial" : [ 0 ],
							"parameter_initial_enable" : 1,
							"parameter_invisible" : 2,
							"parameter_longname" : "Talk Latch",
							"parameter_mmax" : 1,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Latch",
							"parameter_type" : 2
						}

					}
,
					"text" : "Latch",
					"texton" : "Latch",
					"varname" : "talk_latch"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "Keeps the microphone open and the last half second in memory, so that Talk loses no first syllable. Nothing older is kept, and nothing of it is understood or stored unless you talk. It is off whenever a set is opened.",
					"annotation_name" : "Talk Arm",
					"automation" : "Off",
					"automationon" : "On",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 9.5,
					"id" : "obj-70",
					"maxclass" : "live.text",
					"numinlets" : 1,
					"numoutlets" : 2,
					"outlettype" : [ "", "" ],
					"outputmode" : 0,
					"parameter_enable" : 1,
					"patching_rect" : [ 656.0, 688.0, 48.0, 15.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 634.0, 35.0, 48.0, 15.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Talk Arm",
							"parameter_enum" : [ "Off", "On" ],
							"parameter_info" : "Keeps the microphone open and the last half second in memory, so that Talk loses no first syllable. Nothing older is kept, and nothing of it is understood or stored unless you talk. It is off whenever a set is opened.",
							"parameter_initial" : [ 0 ],
							"parameter_initial_enable" : 1,
							"parameter_invisible" : 2,
							"parameter_longname" : "Talk Arm",
							"parameter_mmax" : 1,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Arm",
							"parameter_type" : 2
						}

					}
,
					"text" : "Arm",
					"texton" : "Arm",
					"varname" : "talk_arm"
				}

			}
, 			{
				"box" : 				{
					"annotation" : "Tests whether device, daemon and Live understand one another, and says in the display what does not work.",
					"annotation_name" : "Self-test",
					"automation" : "Off",
					"automationon" : "On",
					"fontname" : "Ableton Sans Medium",
					"fontsize" : 9.5,
					"id" : "obj-71",
					"maxclass" : "live.text",
					"mode" : 0,
					"numinlets" : 1,
					"numoutlets" : 2,
					"outlettype" : [ "", "" ],
					"outputmode" : 0,
					"parameter_enable" : 1,
					"patching_rect" : [ 784.0, 688.0, 48.0, 15.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 585.0, 19.0, 48.0, 15.0 ],
					"saved_attribute_attributes" : 					{
						"valueof" : 						{
							"parameter_annotation_name" : "Self-test",
							"parameter_enum" : [ "Off", "On" ],
							"parameter_info" : "Tests whether device, daemon and Live understand one another, and says in the display what does not work.",
							"parameter_invisible" : 2,
							"parameter_longname" : "Self-test",
							"parameter_mmax" : 1,
							"parameter_modmode" : 0,
							"parameter_shortname" : "Test",
							"parameter_type" : 2
						}

					}
,
					"text" : "Test",
					"texton" : "Test",
					"varname" : "self_test"
				}

			}
, 			{
				"box" : 				{
					"angle" : 270.0,
					"background" : 1,
					"bgcolor" : [ 0.094117647058824, 0.094117647058824, 0.094117647058824, 1.0 ],
					"id" : "obj-72",
					"maxclass" : "panel",
					"mode" : 0,
					"numinlets" : 1,
					"numoutlets" : 0,
					"patching_rect" : [ 464.0, 1056.0, 328.0, 45.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 4.0, 4.0, 328.0, 45.0 ],
					"proportion" : 0.39,
					"rounded" : 4,
					"saved_attribute_attributes" : 					{
						"bgfillcolor" : 						{
							"expression" : "themecolor.live_lcd_bg"
						}

					}
,
					"varname" : "display"
				}

			}
, 			{
				"box" : 				{
					"angle" : 270.0,
					"background" : 1,
					"bgcolor" : [ 0.094117647058824, 0.094117647058824, 0.094117647058824, 1.0 ],
					"id" : "obj-73",
					"maxclass" : "panel",
					"mode" : 0,
					"numinlets" : 1,
					"numoutlets" : 0,
					"patching_rect" : [ 808.0, 1056.0, 138.0, 45.0 ],
					"presentation" : 1,
					"presentation_rect" : [ 341.0, 4.0, 138.0, 45.0 ],
					"proportion" : 0.39,
					"rounded" : 4,
					"saved_attribute_attributes" : 					{
						"bgfillcolor" : 						{
							"expression" : "themecolor.live_lcd_bg"
						}

					}
,
					"varname" : "along"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-74",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 4,
					"outlettype" : [ "", "", "", "" ],
					"patching_rect" : [ 24.0, 904.0, 128.0, 20.0 ],
					"saved_object_attributes" : 					{
						"filename" : "MuseAroo.js",
						"parameter_enable" : 0
					}
,
					"text" : "js MuseAroo.js midi",
					"varname" : "script"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-75",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 3,
					"outlettype" : [ "bang", "int", "int" ],
					"patching_rect" : [ 24.0, 808.0, 104.0, 20.0 ],
					"text" : "live.thisdevice",
					"varname" : "thisdevice"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-76",
					"maxclass" : "message",
					"numinlets" : 2,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 24.0, 856.0, 48.0, 20.0 ],
					"text" : "loaded",
					"varname" : "say_loaded"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-77",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "bang" ],
					"patching_rect" : [ 144.0, 808.0, 64.0, 20.0 ],
					"text" : "freebang",
					"varname" : "freebang"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-78",
					"maxclass" : "message",
					"numinlets" : 2,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 144.0, 856.0, 56.0, 20.0 ],
					"text" : "closing",
					"varname" : "say_closing"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-79",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 0,
					"patching_rect" : [ 24.0, 952.0, 152.0, 20.0 ],
					"text" : "udpsend 127.0.0.1 24620",
					"varname" : "send"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-80",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 192.0, 952.0, 168.0, 20.0 ],
					"text" : "udpreceive 24700 @defer 1",
					"varname" : "receive"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-81",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "int" ],
					"patching_rect" : [ 224.0, 808.0, 48.0, 20.0 ],
					"text" : "midiin",
					"varname" : "notes_in"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-82",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 0,
					"patching_rect" : [ 224.0, 856.0, 56.0, 20.0 ],
					"text" : "midiout",
					"varname" : "notes_out"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-83",
					"maxclass" : "newobj",
					"numinlets" : 19,
					"numoutlets" : 19,
					"outlettype" : [ "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "" ],
					"patching_rect" : [ 376.0, 952.0, 824.0, 20.0 ],
					"text" : "route lamp status progress tempo key chords daemon clock held to_keep turn auto_split prompt jam ambience talk_face talk_latch talk_arm",
					"varname" : "show"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-84",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 136.0, 72.0, 88.0, 20.0 ],
					"text" : "prepend band",
					"varname" : "say_band"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-85",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 240.0, 72.0, 96.0, 20.0 ],
					"text" : "prepend drums",
					"varname" : "say_drums"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-86",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 352.0, 72.0, 88.0, 20.0 ],
					"text" : "prepend bass",
					"varname" : "say_bass"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-87",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 456.0, 72.0, 104.0, 20.0 ],
					"text" : "prepend harmony",
					"varname" : "say_harmony"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-88",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 576.0, 72.0, 88.0, 20.0 ],
					"text" : "prepend song",
					"varname" : "say_song"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-89",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 680.0, 72.0, 96.0, 20.0 ],
					"text" : "prepend melody",
					"varname" : "say_melody"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-90",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 792.0, 72.0, 96.0, 20.0 ],
					"text" : "prepend atmos",
					"varname" : "say_atmos"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-91",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 904.0, 72.0, 80.0, 20.0 ],
					"text" : "prepend mix",
					"varname" : "say_mix"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-92",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 1000.0, 64.0, 104.0, 20.0 ],
					"text" : "prepend song_to",
					"varname" : "say_song_to"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-93",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 24.0, 264.0, 128.0, 20.0 ],
					"text" : "prepend song_length",
					"varname" : "say_song_length"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-94",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 168.0, 264.0, 96.0, 20.0 ],
					"text" : "prepend style",
					"varname" : "say_style"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-95",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 328.0, 264.0, 112.0, 20.0 ],
					"text" : "prepend key_root",
					"varname" : "say_key_root"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-96",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 456.0, 264.0, 112.0, 20.0 ],
					"text" : "prepend key_mode",
					"varname" : "say_key_mode"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-97",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 584.0, 264.0, 88.0, 20.0 ],
					"text" : "prepend bars",
					"varname" : "say_bars"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-98",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 688.0, 264.0, 96.0, 20.0 ],
					"text" : "prepend where",
					"varname" : "say_where"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-99",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 800.0, 296.0, 120.0, 20.0 ],
					"text" : "prepend complexity",
					"varname" : "say_complexity"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-100",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 936.0, 296.0, 104.0, 20.0 ],
					"text" : "prepend density",
					"varname" : "say_density"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-101",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 1056.0, 296.0, 96.0, 20.0 ],
					"text" : "prepend swing",
					"varname" : "say_swing"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-102",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 24.0, 416.0, 112.0, 20.0 ],
					"text" : "prepend humanise",
					"varname" : "say_humanise"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-103",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 152.0, 392.0, 96.0, 20.0 ],
					"text" : "prepend again",
					"varname" : "say_again"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-104",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 264.0, 392.0, 88.0, 20.0 ],
					"text" : "prepend undo",
					"varname" : "say_undo"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-105",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 368.0, 392.0, 104.0, 20.0 ],
					"text" : "prepend simpler",
					"varname" : "say_simpler"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-106",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 488.0, 392.0, 96.0, 20.0 ],
					"text" : "prepend busier",
					"varname" : "say_busier"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-107",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 600.0, 384.0, 96.0, 20.0 ],
					"text" : "prepend cancel",
					"varname" : "say_cancel"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-108",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 712.0, 384.0, 104.0, 20.0 ],
					"text" : "prepend analyse",
					"varname" : "say_analyse"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-109",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 832.0, 384.0, 128.0, 20.0 ],
					"text" : "prepend analyse_for",
					"varname" : "say_analyse_for"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-110",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 976.0, 384.0, 96.0, 20.0 ],
					"text" : "prepend split",
					"varname" : "say_split"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-111",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 1088.0, 384.0, 120.0, 20.0 ],
					"text" : "prepend auto_split",
					"varname" : "say_auto_split"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-112",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 24.0, 520.0, 96.0, 20.0 ],
					"text" : "prepend prompt",
					"varname" : "say_prompt"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-113",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 184.0, 520.0, 104.0, 20.0 ],
					"text" : "prepend imagine",
					"varname" : "say_imagine"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-114",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 304.0, 504.0, 136.0, 20.0 ],
					"text" : "prepend imagine_from",
					"varname" : "say_imagine_from"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-115",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 456.0, 504.0, 136.0, 20.0 ],
					"text" : "prepend imagine_with",
					"varname" : "say_imagine_with"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-116",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 608.0, 520.0, 88.0, 20.0 ],
					"text" : "prepend hear",
					"varname" : "say_hear"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-117",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 712.0, 520.0, 88.0, 20.0 ],
					"text" : "prepend keep",
					"varname" : "say_keep"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-118",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 816.0, 520.0, 88.0, 20.0 ],
					"text" : "prepend drop",
					"varname" : "say_drop"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-119",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 920.0, 504.0, 120.0, 20.0 ],
					"text" : "prepend keep_bars",
					"varname" : "say_keep_bars"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-120",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 1056.0, 504.0, 120.0, 20.0 ],
					"text" : "prepend keep_tight",
					"varname" : "say_keep_tight"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-121",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 24.0, 608.0, 120.0, 20.0 ],
					"text" : "prepend to_played",
					"varname" : "say_to_played"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-122",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 184.0, 624.0, 80.0, 20.0 ],
					"text" : "prepend jam",
					"varname" : "say_jam"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-123",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 280.0, 608.0, 112.0, 20.0 ],
					"text" : "prepend jam_bars",
					"varname" : "say_jam_bars"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-124",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 408.0, 608.0, 112.0, 20.0 ],
					"text" : "prepend jam_with",
					"varname" : "say_jam_with"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-125",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 536.0, 624.0, 112.0, 20.0 ],
					"text" : "prepend ambience",
					"varname" : "say_ambience"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-126",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 664.0, 608.0, 152.0, 20.0 ],
					"text" : "prepend ambience_preset",
					"varname" : "say_ambience_preset"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-127",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 832.0, 640.0, 160.0, 20.0 ],
					"text" : "prepend ambience_density",
					"varname" : "say_ambience_density"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-128",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 1008.0, 640.0, 176.0, 20.0 ],
					"text" : "prepend ambience_brightness",
					"varname" : "say_ambience_brightness"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-129",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 24.0, 760.0, 152.0, 20.0 ],
					"text" : "prepend ambience_motion",
					"varname" : "say_ambience_motion"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-130",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 192.0, 760.0, 144.0, 20.0 ],
					"text" : "prepend ambience_space",
					"varname" : "say_ambience_space"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-131",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 352.0, 728.0, 152.0, 20.0 ],
					"text" : "prepend ambience_follow",
					"varname" : "say_ambience_follow"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-132",
					"maxclass" : "message",
					"numinlets" : 2,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 24.0, 80.0, 32.0, 20.0 ],
					"text" : "1",
					"varname" : "talk_down"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-133",
					"maxclass" : "message",
					"numinlets" : 2,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 24.0, 128.0, 32.0, 20.0 ],
					"text" : "0",
					"varname" : "talk_up"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-134",
					"maxclass" : "newobj",
					"numinlets" : 2,
					"numoutlets" : 2,
					"outlettype" : [ "bang", "" ],
					"patching_rect" : [ 72.0, 80.0, 48.0, 20.0 ],
					"text" : "sel 0",
					"varname" : "talk_beside"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-135",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 24.0, 176.0, 88.0, 20.0 ],
					"text" : "prepend talk",
					"varname" : "say_talk"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-136",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 520.0, 728.0, 120.0, 20.0 ],
					"text" : "prepend talk_latch",
					"varname" : "say_talk_latch"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-137",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 656.0, 728.0, 112.0, 20.0 ],
					"text" : "prepend talk_arm",
					"varname" : "say_talk_arm"
				}

			}
, 			{
				"box" : 				{
					"id" : "obj-138",
					"maxclass" : "newobj",
					"numinlets" : 1,
					"numoutlets" : 1,
					"outlettype" : [ "" ],
					"patching_rect" : [ 784.0, 728.0, 120.0, 20.0 ],
					"text" : "prepend self_test",
					"varname" : "say_self_test"
				}

			}
 ],
		"lines" : [ 			{
				"patchline" : 				{
					"destination" : [ "obj-76", 0 ],
					"source" : [ "obj-75", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-76", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-78", 0 ],
					"source" : [ "obj-77", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-78", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-79", 0 ],
					"source" : [ "obj-74", 1 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-80", 0 ],
					"source" : [ "obj-74", 2 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-80", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-82", 0 ],
					"source" : [ "obj-81", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-83", 0 ],
					"source" : [ "obj-74", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-1", 0 ],
					"source" : [ "obj-83", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-2", 0 ],
					"source" : [ "obj-83", 1 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-3", 0 ],
					"source" : [ "obj-83", 2 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-4", 0 ],
					"source" : [ "obj-83", 3 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-5", 0 ],
					"source" : [ "obj-83", 4 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-6", 0 ],
					"source" : [ "obj-83", 5 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-7", 0 ],
					"source" : [ "obj-83", 6 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-8", 0 ],
					"source" : [ "obj-83", 7 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-9", 0 ],
					"source" : [ "obj-83", 8 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-10", 0 ],
					"source" : [ "obj-83", 9 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-11", 0 ],
					"source" : [ "obj-83", 10 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-45", 0 ],
					"source" : [ "obj-83", 11 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-47", 0 ],
					"source" : [ "obj-83", 12 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-58", 0 ],
					"source" : [ "obj-83", 13 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-61", 0 ],
					"source" : [ "obj-83", 14 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-68", 0 ],
					"source" : [ "obj-83", 15 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-69", 0 ],
					"source" : [ "obj-83", 16 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-70", 0 ],
					"source" : [ "obj-83", 17 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-84", 0 ],
					"source" : [ "obj-17", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-84", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-85", 0 ],
					"source" : [ "obj-18", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-85", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-86", 0 ],
					"source" : [ "obj-19", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-86", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-87", 0 ],
					"source" : [ "obj-20", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-87", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-88", 0 ],
					"source" : [ "obj-21", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-88", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-89", 0 ],
					"source" : [ "obj-22", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-89", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-90", 0 ],
					"source" : [ "obj-23", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-90", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-91", 0 ],
					"source" : [ "obj-24", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-91", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-92", 0 ],
					"source" : [ "obj-26", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-92", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-93", 0 ],
					"source" : [ "obj-27", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-93", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-94", 0 ],
					"source" : [ "obj-28", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-94", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-95", 0 ],
					"source" : [ "obj-29", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-95", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-96", 0 ],
					"source" : [ "obj-30", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-96", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-97", 0 ],
					"source" : [ "obj-31", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-97", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-98", 0 ],
					"source" : [ "obj-32", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-98", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-99", 0 ],
					"source" : [ "obj-33", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-99", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-100", 0 ],
					"source" : [ "obj-34", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-100", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-101", 0 ],
					"source" : [ "obj-35", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-101", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-102", 0 ],
					"source" : [ "obj-36", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-102", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-103", 0 ],
					"source" : [ "obj-37", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-103", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-104", 0 ],
					"source" : [ "obj-38", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-104", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-105", 0 ],
					"source" : [ "obj-39", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-105", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-106", 0 ],
					"source" : [ "obj-40", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-106", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-107", 0 ],
					"source" : [ "obj-41", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-107", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-108", 0 ],
					"source" : [ "obj-42", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-108", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-109", 0 ],
					"source" : [ "obj-43", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-109", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-110", 0 ],
					"source" : [ "obj-44", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-110", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-111", 0 ],
					"source" : [ "obj-45", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-111", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-112", 0 ],
					"source" : [ "obj-47", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-112", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-113", 0 ],
					"source" : [ "obj-48", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-113", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-114", 0 ],
					"source" : [ "obj-49", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-114", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-115", 0 ],
					"source" : [ "obj-50", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-115", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-116", 0 ],
					"source" : [ "obj-51", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-116", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-117", 0 ],
					"source" : [ "obj-52", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-117", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-118", 0 ],
					"source" : [ "obj-53", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-118", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-119", 0 ],
					"source" : [ "obj-54", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-119", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-120", 0 ],
					"source" : [ "obj-55", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-120", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-121", 0 ],
					"source" : [ "obj-57", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-121", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-122", 0 ],
					"source" : [ "obj-58", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-122", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-123", 0 ],
					"source" : [ "obj-59", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-123", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-124", 0 ],
					"source" : [ "obj-60", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-124", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-125", 0 ],
					"source" : [ "obj-61", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-125", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-126", 0 ],
					"source" : [ "obj-62", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-126", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-127", 0 ],
					"source" : [ "obj-63", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-127", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-128", 0 ],
					"source" : [ "obj-64", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-128", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-129", 0 ],
					"source" : [ "obj-65", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-129", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-130", 0 ],
					"source" : [ "obj-66", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-130", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-131", 0 ],
					"source" : [ "obj-67", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-131", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-132", 0 ],
					"source" : [ "obj-12", 1 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-133", 0 ],
					"source" : [ "obj-12", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-134", 0 ],
					"source" : [ "obj-12", 3 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-133", 0 ],
					"source" : [ "obj-134", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-135", 0 ],
					"source" : [ "obj-132", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-135", 0 ],
					"source" : [ "obj-133", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-135", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-136", 0 ],
					"source" : [ "obj-69", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-136", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-137", 0 ],
					"source" : [ "obj-70", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-137", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-138", 0 ],
					"source" : [ "obj-71", 0 ]
				}

			}
, 			{
				"patchline" : 				{
					"destination" : [ "obj-74", 0 ],
					"source" : [ "obj-138", 0 ]
				}

			}
 ],
		"parameters" : 		{
			"obj-17" : [ "Band", "Band", 0 ],
			"obj-18" : [ "Drums", "Drums", 0 ],
			"obj-19" : [ "Bass", "Bass", 0 ],
			"obj-20" : [ "Chords", "Chords", 0 ],
			"obj-21" : [ "Song", "Song", 0 ],
			"obj-22" : [ "Melody", "Melody", 0 ],
			"obj-23" : [ "Atmosphere", "Atmos", 0 ],
			"obj-24" : [ "Mix", "Mix", 0 ],
			"obj-26" : [ "Song To", "Song To", 0 ],
			"obj-27" : [ "Song Length", "Length", 0 ],
			"obj-28" : [ "Style", "Style", 0 ],
			"obj-29" : [ "Key Root", "Root", 0 ],
			"obj-30" : [ "Key Mode", "Mode", 0 ],
			"obj-31" : [ "Bars", "Bars", 0 ],
			"obj-32" : [ "Goes To", "Goes To", 0 ],
			"obj-33" : [ "Complexity", "Complex", 0 ],
			"obj-34" : [ "Density", "Density", 0 ],
			"obj-35" : [ "Swing", "Swing", 0 ],
			"obj-36" : [ "Humanise", "Human", 0 ],
			"obj-37" : [ "Again", "Again", 0 ],
			"obj-38" : [ "Undo", "Undo", 0 ],
			"obj-39" : [ "Simpler", "Simpler", 0 ],
			"obj-40" : [ "Busier", "Busier", 0 ],
			"obj-41" : [ "Cancel", "Cancel", 0 ],
			"obj-42" : [ "Analyse", "Analyse", 0 ],
			"obj-43" : [ "Analyse For", "Writes", 0 ],
			"obj-44" : [ "Split", "Split", 0 ],
			"obj-45" : [ "Auto Split", "Auto", 0 ],
			"obj-47" : [ "Prompt", "Prompt", 0 ],
			"obj-48" : [ "Imagine", "Imagine", 0 ],
			"obj-49" : [ "Imagine From", "From", 0 ],
			"obj-50" : [ "Imagine With", "With", 0 ],
			"obj-51" : [ "Hear First", "Hear", 0 ],
			"obj-52" : [ "Keep", "Keep", 0 ],
			"obj-53" : [ "Drop", "Drop", 0 ],
			"obj-54" : [ "Keep Bars", "Keep", 0 ],
			"obj-55" : [ "Keep Tight", "Tight", 0 ],
			"obj-57" : [ "To What I Played", "To Played", 0 ],
			"obj-58" : [ "Jam", "Jam", 0 ],
			"obj-59" : [ "Jam Bars", "Jam", 0 ],
			"obj-60" : [ "Jam With", "With", 0 ],
			"obj-61" : [ "Ambience", "Ambience", 0 ],
			"obj-62" : [ "Ambience Preset", "Preset", 0 ],
			"obj-63" : [ "Ambience Density", "Density", 0 ],
			"obj-64" : [ "Ambience Brightness", "Bright", 0 ],
			"obj-65" : [ "Ambience Motion", "Motion", 0 ],
			"obj-66" : [ "Ambience Space", "Space", 0 ],
			"obj-67" : [ "Ambience Follows", "Follows", 0 ],
			"obj-68" : [ "Talk Light", "Light", 0 ],
			"obj-69" : [ "Talk Latch", "Latch", 0 ],
			"obj-70" : [ "Talk Arm", "Arm", 0 ],
			"obj-71" : [ "Self-test", "Test", 0 ],
			"parameterbanks" : 			{
				"0" : 				{
					"index" : 0,
					"name" : "Feel",
					"parameters" : [ "Style", "Bars", "Key Root", "Key Mode", "Complexity", "Density", "Swing", "Humanise" ]
				}
,
				"1" : 				{
					"index" : 1,
					"name" : "Make",
					"parameters" : [ "Goes To", "Song To", "Song Length", "Imagine From", "Imagine With", "-", "-", "-" ]
				}
,
				"2" : 				{
					"index" : 2,
					"name" : "Along",
					"parameters" : [ "Hear First", "To What I Played", "Keep Bars", "Keep Tight", "Jam Bars", "Jam With", "-", "-" ]
				}
,
				"3" : 				{
					"index" : 3,
					"name" : "Endless",
					"parameters" : [ "Ambience Preset", "Ambience Follows", "Ambience Density", "Ambience Brightness", "Ambience Motion", "Ambience Space", "-", "-" ]
				}
,
				"4" : 				{
					"index" : 4,
					"name" : "Hear",
					"parameters" : [ "Analyse For", "Auto Split", "-", "-", "-", "-", "-", "-" ]
				}

			}
,
			"inherited_shortname" : 1
		}
,
		"dependency_cache" : [ 			{
				"name" : "MuseAroo.js",
				"bootpath" : ".",
				"patcherrelativepath" : ".",
				"type" : "TEXT",
				"implicit" : 1
			}
 ],
		"autosave" : 0
	}

}
